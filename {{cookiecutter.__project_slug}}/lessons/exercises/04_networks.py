{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/04_networks.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/04_networks.py"] %}
