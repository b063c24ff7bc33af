{% include ["_" ~ cookiecutter.language ~ "/lessons/06_data.py", "templates/_" ~ cookiecutter.language ~ "/lessons/06_data.py"] %}
