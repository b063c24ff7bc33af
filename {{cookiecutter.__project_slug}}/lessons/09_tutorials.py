{% include ["_" ~ cookiecutter.language ~ "/lessons/09_tutorials.py", "templates/_" ~ cookiecutter.language ~ "/lessons/09_tutorials.py"] %}
