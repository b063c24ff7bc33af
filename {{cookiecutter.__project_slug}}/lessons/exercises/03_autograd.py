{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/03_autograd.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/03_autograd.py"] %}
