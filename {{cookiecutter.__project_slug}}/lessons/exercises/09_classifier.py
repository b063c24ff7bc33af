{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/09_classifier.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/09_classifier.py"] %}
