{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/08_saving.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/08_saving.py"] %}
