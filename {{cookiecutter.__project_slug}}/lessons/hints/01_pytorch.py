{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/01_pytorch.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/01_pytorch.py"] %}
