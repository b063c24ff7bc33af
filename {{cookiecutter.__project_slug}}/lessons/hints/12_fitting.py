{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/12_fitting.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/12_fitting.py"] %}
