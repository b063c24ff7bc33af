"""--best-by names a metric that is not there."""

from engine.metrics import accuracy

FILE = "model.py"
OPTIONS = ["--best-by", "f2"]
EXPECTED = ["--best-by", "f2", "accuracy"]


def metrics(info):
    print("the metrics")
    return [accuracy]
