"""A metric forgets to return."""

FILE = "model.py"
EXPECTED = ["metric", "right", "NoneType"]


def right(logits, labels):
    (logits.argmax(1) == labels).float().mean()


def metrics(info):
    return [right]
