{% include [cookiecutter.task ~ "/tools/importance.py", "templates/" ~ cookiecutter.task ~ "/tools/importance.py"] ignore missing %}
