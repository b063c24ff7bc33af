{% include ["_" ~ cookiecutter.language ~ "/lessons/12_fitting.py", "templates/_" ~ cookiecutter.language ~ "/lessons/12_fitting.py"] %}
