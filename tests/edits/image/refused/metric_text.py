"""A metric gives a text."""

FILE = "model.py"
EXPECTED = ["metric", "percent", "str"]


def percent(logits, labels):
    return f"{100 * (logits.argmax(1) == labels).float().mean():.1f} %"


def metrics(info):
    return [percent]
