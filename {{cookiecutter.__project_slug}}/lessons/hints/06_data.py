{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/06_data.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/06_data.py"] %}
