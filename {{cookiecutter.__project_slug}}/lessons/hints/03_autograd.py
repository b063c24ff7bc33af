{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/03_autograd.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/03_autograd.py"] %}
