"""compute_loss returns the logits, as in a task with classes."""

FILE = "model.py"
EXPECTED = ["model.py: compute_loss gives outputs (2, 16, ", "losses of all places (2, 16)"]
REPLACE = [("    return loss, losses\n", "    return loss, logits\n")]
