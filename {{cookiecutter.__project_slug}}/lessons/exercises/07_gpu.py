{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/07_gpu.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/07_gpu.py"] %}
