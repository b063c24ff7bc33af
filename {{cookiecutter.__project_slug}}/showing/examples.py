{% include [cookiecutter.task ~ "/showing/examples.py", "templates/" ~ cookiecutter.task ~ "/showing/examples.py", "_shared/showing/examples.py", "templates/_shared/showing/examples.py"] %}
