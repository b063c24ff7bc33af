{% include ["_" ~ cookiecutter.language ~ "/lessons/hints/02_tensors.py", "templates/_" ~ cookiecutter.language ~ "/lessons/hints/02_tensors.py"] %}
