{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/01_pytorch.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/01_pytorch.py"] %}
