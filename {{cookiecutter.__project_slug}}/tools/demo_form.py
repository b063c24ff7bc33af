{% include [cookiecutter.task ~ "/tools/demo_form.py", "templates/" ~ cookiecutter.task ~ "/tools/demo_form.py"] %}
