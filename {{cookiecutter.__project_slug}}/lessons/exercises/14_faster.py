{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/14_faster.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/14_faster.py"] %}
