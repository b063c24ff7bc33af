{% include ["_" ~ cookiecutter.language ~ "/lessons/04_networks.py", "templates/_" ~ cookiecutter.language ~ "/lessons/04_networks.py"] %}
