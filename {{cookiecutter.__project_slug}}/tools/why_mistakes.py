{% include [cookiecutter.task ~ "/tools/why_mistakes.py", "templates/" ~ cookiecutter.task ~ "/tools/why_mistakes.py"] %}
