{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/13_attention.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/13_attention.py"] %}
