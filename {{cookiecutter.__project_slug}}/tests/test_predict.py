{% include [cookiecutter.task ~ "/tests/test_predict.py", "templates/" ~ cookiecutter.task ~ "/tests/test_predict.py"] %}
