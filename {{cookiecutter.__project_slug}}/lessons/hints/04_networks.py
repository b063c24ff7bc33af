{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/04_networks.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/04_networks.py"] %}
