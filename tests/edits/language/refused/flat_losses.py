"""The losses are left flat."""

FILE = "model.py"
EXPECTED = ["model.py: compute_loss fails: ", "model.py, line"]
REPLACE = [("    losses = losses.view_as(following)  # (N, T)\n", "")]
