{% include [cookiecutter.task ~ "/tools/infer_onnx.py", "templates/" ~ cookiecutter.task ~ "/tools/infer_onnx.py"] %}
