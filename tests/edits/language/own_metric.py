"""A metric more, by which the best epoch is chosen."""

from engine.metrics import bits_per_character, perplexity

FILE = "model.py"
OPTIONS = ["--best-by", "more_likely_than_not"]


def more_likely_than_not(losses, characters):
    return (losses < 0.6931).float().mean()


def metrics(info):
    return [bits_per_character, perplexity, more_likely_than_not]


def check(project):
    rows = (project / "runs/unbroken/metrics.csv").read_text(encoding="utf-8").splitlines()
    assert "val_more_likely_than_not" in rows[0]
