"""Group normalisation instead of batch normalisation."""

FILE = "model.py"
REPLACE = [
    ("layers.append(nn.BatchNorm2d(features))", "layers.append(nn.GroupNorm(4, features))"),
]
