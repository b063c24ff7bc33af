{% include ["_" ~ cookiecutter.language ~ "/lessons/07_gpu.py", "templates/_" ~ cookiecutter.language ~ "/lessons/07_gpu.py"] %}
