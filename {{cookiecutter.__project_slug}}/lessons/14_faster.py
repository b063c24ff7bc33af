{% include ["_" ~ cookiecutter.language ~ "/lessons/14_faster.py", "templates/_" ~ cookiecutter.language ~ "/lessons/14_faster.py"] %}
