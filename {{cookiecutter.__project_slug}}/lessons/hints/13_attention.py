{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/13_attention.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/13_attention.py"] %}
