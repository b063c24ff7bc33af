{% include [cookiecutter.task ~ "/data.py", "templates/" ~ cookiecutter.task ~ "/data.py"] %}
