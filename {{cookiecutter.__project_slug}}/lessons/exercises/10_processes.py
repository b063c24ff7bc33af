{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/10_processes.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/10_processes.py"] %}
