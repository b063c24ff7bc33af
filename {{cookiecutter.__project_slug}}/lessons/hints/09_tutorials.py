{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/09_tutorials.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/09_tutorials.py"] %}
