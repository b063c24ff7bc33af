{% include [cookiecutter.task ~ "/config.py", "templates/" ~ cookiecutter.task ~ "/config.py"] %}
