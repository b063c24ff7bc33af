{% include ["_" ~ cookiecutter.language ~ "/lessons/05_optimizers.py", "templates/_" ~ cookiecutter.language ~ "/lessons/05_optimizers.py"] %}
