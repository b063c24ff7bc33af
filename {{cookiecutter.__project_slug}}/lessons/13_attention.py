{% include ["_" ~ cookiecutter.language ~ "/lessons/13_attention.py", "templates/_" ~ cookiecutter.language ~ "/lessons/13_attention.py"] %}
