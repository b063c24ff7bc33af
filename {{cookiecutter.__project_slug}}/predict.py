{% include [cookiecutter.task ~ "/predict.py", "templates/" ~ cookiecutter.task ~ "/predict.py", "predict.py", "templates/predict.py"] %}
