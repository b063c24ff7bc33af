{% include [cookiecutter.task ~ "/tools/service_inputs.py", "templates/" ~ cookiecutter.task ~ "/tools/service_inputs.py"] %}
