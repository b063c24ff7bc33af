{% include [cookiecutter.task ~ "/tests/tools/test_infer_onnx.py", "templates/" ~ cookiecutter.task ~ "/tests/tools/test_infer_onnx.py"] %}
