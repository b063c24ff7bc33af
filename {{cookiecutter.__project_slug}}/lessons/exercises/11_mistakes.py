{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/11_mistakes.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/11_mistakes.py"] %}
