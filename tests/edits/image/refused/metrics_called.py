"""metrics returns numbers, not functions."""

FILE = "model.py"
EXPECTED = ["metrics", "function"]


def metrics(info):
    return [0.5]
