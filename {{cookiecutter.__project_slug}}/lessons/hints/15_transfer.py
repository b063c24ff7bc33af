{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/15_transfer.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/15_transfer.py"] %}
