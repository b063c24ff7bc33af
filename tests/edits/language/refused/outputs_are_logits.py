"""compute_loss returns the logits, as in a task with classes."""

FILE = "model.py"
EXPECTED = ["model.py: compute_loss gives outputs (2, 16, ", "losses of all places (2, 16)"]
REPLACE = [("    return losses.mean(dim=1), losses\n", "    return losses.mean(dim=1), logits\n")]
