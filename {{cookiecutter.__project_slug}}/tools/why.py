{% include [cookiecutter.task ~ "/tools/why.py", "templates/" ~ cookiecutter.task ~ "/tools/why.py"] ignore missing %}
