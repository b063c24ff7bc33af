{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/14_faster.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/14_faster.py"] %}
