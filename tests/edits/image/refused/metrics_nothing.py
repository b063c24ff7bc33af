"""metrics forgets to return."""

from engine.metrics import accuracy

FILE = "model.py"
EXPECTED = ["metrics", "None"]


def metrics(info):
    [accuracy]  # noqa: B018
