"""Group normalisation instead of batch normalisation."""

FILE = "model.py"
REPLACE = [
    ("nn.BatchNorm2d(", "nn.GroupNorm(4, "),
]
