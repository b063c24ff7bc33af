{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/11_mistakes.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/11_mistakes.py"] %}
