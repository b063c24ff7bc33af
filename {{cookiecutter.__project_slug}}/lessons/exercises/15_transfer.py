{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/15_transfer.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/15_transfer.py"] %}
