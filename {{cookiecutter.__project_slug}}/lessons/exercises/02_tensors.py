{% include ["_" ~ cookiecutter.language ~ "/lessons/exercises/02_tensors.py", "templates/_" ~ cookiecutter.language ~ "/lessons/exercises/02_tensors.py"] %}
