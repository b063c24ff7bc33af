{% include [cookiecutter.task ~ "/tools/form_fields.py", "templates/" ~ cookiecutter.task ~ "/tools/form_fields.py"] %}
