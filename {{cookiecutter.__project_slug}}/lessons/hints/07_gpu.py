{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/07_gpu.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/07_gpu.py"] %}
