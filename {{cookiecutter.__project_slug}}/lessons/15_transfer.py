{% include ["_" ~ cookiecutter.language ~ "/lessons/15_transfer.py", "templates/_" ~ cookiecutter.language ~ "/lessons/15_transfer.py"] %}
