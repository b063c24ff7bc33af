{% include [cookiecutter.task ~ "/config.py", "templates/" ~ cookiecutter.task ~ "/config.py"] %}
{% if cookiecutter.tools %}


{% include [cookiecutter.task ~ "/search.py", "templates/" ~ cookiecutter.task ~ "/search.py"] %}
{% endif %}
