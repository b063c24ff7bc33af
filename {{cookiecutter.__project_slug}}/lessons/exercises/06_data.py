{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/06_data.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/06_data.py"] %}
