{% include ["_" ~ cookiecutter.language ~ "/lessons/02_tensors.py", "templates/_" ~ cookiecutter.language ~ "/lessons/02_tensors.py"] %}
