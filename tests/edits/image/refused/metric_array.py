"""A metric gives a number for each class."""

import numpy as np

FILE = "model.py"
EXPECTED = ["metric", "per_class"]


def per_class(logits, labels):
    return np.bincount(labels[logits.argmax(1) == labels], minlength=10)


def metrics(info):
    return [per_class]
