"""compute_loss has a mistake of its own."""

FILE = "model.py"
EXPECTED = ["compute_loss", "model.py, line"]
REPLACE = [
    ("    pictures, labels = batch\n", "    pictures, sizes, labels = batch\n"),
]
