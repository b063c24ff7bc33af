{% include ["_" ~ cookiecutter.language ~ "/lessons/03_autograd.py", "templates/_" ~ cookiecutter.language ~ "/lessons/03_autograd.py"] %}
