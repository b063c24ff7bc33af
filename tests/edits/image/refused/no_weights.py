"""The network has no weight at all."""

from torch import nn

FILE = "model.py"
EXPECTED = ["build_model", "weights"]


def build_model(config, info):
    return nn.Sequential(nn.Flatten(), nn.AdaptiveAvgPool1d(len(info.classes)))
