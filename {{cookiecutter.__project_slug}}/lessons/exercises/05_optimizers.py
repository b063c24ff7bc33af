{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/05_optimizers.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/05_optimizers.py"] %}
