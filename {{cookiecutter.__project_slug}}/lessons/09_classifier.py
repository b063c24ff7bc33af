{% include ["_" ~ cookiecutter.language ~ "/lessons/09_classifier.py", "templates/_" ~ cookiecutter.language ~ "/lessons/09_classifier.py"] %}
