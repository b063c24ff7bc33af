{% include [cookiecutter.task ~ "/predict.py", "templates/" ~ cookiecutter.task ~ "/predict.py", "_shared/predict.py", "templates/_shared/predict.py"] %}
