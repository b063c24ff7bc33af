{% include ["_" ~ cookiecutter.language ~ "/tools/texts.py", "templates/_" ~ cookiecutter.language ~ "/tools/texts.py"] %}
