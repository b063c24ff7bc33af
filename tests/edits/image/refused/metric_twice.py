"""Two metrics have one name."""

from engine.metrics import accuracy

FILE = "model.py"
EXPECTED = ["metrics", "accuracy"]


def metrics(info):
    return [accuracy, accuracy]
