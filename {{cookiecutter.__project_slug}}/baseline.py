{% include [cookiecutter.task ~ "/baseline.py", "templates/" ~ cookiecutter.task ~ "/baseline.py"] %}
