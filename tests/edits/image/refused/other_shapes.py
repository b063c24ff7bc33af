"""A network for pictures of 28 by 28, as the tutorial's."""

from torch import nn

FILE = "model.py"
EXPECTED = ["build_model", "(2, 1, 8, 8)", "784"]


def build_model(config, info):
    return nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, len(info.classes)))
