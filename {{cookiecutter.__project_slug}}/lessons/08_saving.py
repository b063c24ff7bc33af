{% include ["_" ~ cookiecutter.language ~ "/lessons/08_saving.py", "templates/_" ~ cookiecutter.language ~ "/lessons/08_saving.py"] %}
