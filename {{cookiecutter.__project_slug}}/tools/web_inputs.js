{% include [cookiecutter.task ~ "/tools/web_inputs.js", "templates/" ~ cookiecutter.task ~ "/tools/web_inputs.js"] %}
