{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/09_classifier.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/09_classifier.py"] %}
