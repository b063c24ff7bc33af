"""Layers that find out their sizes by themselves, never called before they are returned."""

from torch import nn

FILE = "model.py"
SHOWN = True


def build_model(config, info):
    return nn.Sequential(
        nn.LazyConv2d(16, 3, padding=1),
        nn.LazyBatchNorm2d(),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.LazyLinear(len(info.classes)),
    )
