{% include [cookiecutter.task ~ "/config.py", "templates/" ~ cookiecutter.task ~ "/config.py"] %}
{% if cookiecutter.tools == 'yes' %}


{% include [cookiecutter.task ~ "/search.py", "templates/" ~ cookiecutter.task ~ "/search.py"] %}
{% endif %}
