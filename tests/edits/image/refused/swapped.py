"""compute_loss returns the outputs first."""

FILE = "model.py"
EXPECTED = ["compute_loss"]
REPLACE = [
    ("    return losses, logits\n", "    return logits, losses\n"),
]
