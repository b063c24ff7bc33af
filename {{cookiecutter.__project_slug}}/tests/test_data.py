{% include [cookiecutter.task ~ "/tests/test_data.py", "templates/" ~ cookiecutter.task ~ "/tests/test_data.py"] %}
