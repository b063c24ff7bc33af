{% include [cookiecutter.task ~ "/engine/baselines.py", "templates/" ~ cookiecutter.task ~ "/engine/baselines.py"] %}
