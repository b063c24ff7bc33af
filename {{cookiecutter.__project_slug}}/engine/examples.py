{% include [cookiecutter.task ~ "/engine/examples.py", "templates/" ~ cookiecutter.task ~ "/engine/examples.py"] %}
