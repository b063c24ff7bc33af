"""A metric raises an exception."""

from sklearn.metrics import precision_score

FILE = "model.py"
EXPECTED = ["metric", "precision", "model.py, line"]


def precision(logits, labels):
    return precision_score(labels, logits)


def metrics(info):
    return [precision]
