"""metrics returns a function, not a list."""

from engine.metrics import accuracy

FILE = "model.py"
EXPECTED = ["metrics", "list"]


def metrics(info):
    return accuracy
