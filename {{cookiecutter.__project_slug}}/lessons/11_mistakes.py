{% include ["_" ~ cookiecutter.language ~ "/lessons/11_mistakes.py", "templates/_" ~ cookiecutter.language ~ "/lessons/11_mistakes.py"] %}
