{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/08_saving.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/08_saving.py"] %}
