{% include ["_" ~ cookiecutter.language ~ "/lessons/01_pytorch.py", "templates/_" ~ cookiecutter.language ~ "/lessons/01_pytorch.py"] %}
