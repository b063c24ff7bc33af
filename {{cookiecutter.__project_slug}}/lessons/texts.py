{% include ["_" ~ cookiecutter.language ~ "/lessons/texts.py", "templates/_" ~ cookiecutter.language ~ "/lessons/texts.py"] %}
