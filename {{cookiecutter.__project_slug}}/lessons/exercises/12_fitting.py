{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/12_fitting.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/12_fitting.py"] %}
