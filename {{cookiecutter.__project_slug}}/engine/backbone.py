{% include [cookiecutter.task ~ "/engine/backbone.py", "templates/" ~ cookiecutter.task ~ "/engine/backbone.py"] ignore missing %}
