{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/10_processes.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/10_processes.py"] %}
