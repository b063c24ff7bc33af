{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/09_tutorials.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/09_tutorials.py"] %}
