{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/05_optimizers.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/05_optimizers.py"] %}
