{% include ["_" ~ cookiecutter.language ~ "/lessons/10_processes.py", "templates/_" ~ cookiecutter.language ~ "/lessons/10_processes.py"] %}
