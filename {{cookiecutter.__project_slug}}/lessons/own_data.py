{% include [cookiecutter.task ~ "/lessons/own_data.py", "templates/" ~ cookiecutter.task ~ "/lessons/own_data.py"] %}
