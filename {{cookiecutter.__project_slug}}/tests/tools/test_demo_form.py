{% include [cookiecutter.task ~ "/tests/tools/test_demo_form.py", "templates/" ~ cookiecutter.task ~ "/tests/tools/test_demo_form.py"] %}
