{% include [cookiecutter.task ~ "/tests/test_model.py", "templates/" ~ cookiecutter.task ~ "/tests/test_model.py"] %}
