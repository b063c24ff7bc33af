"""A network that computes in float64, and gives it."""

from torch import nn

FILE = "model.py"


class Precise(nn.Module):
    def __init__(self, pixels, num_classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, 32), nn.Tanh(), nn.Linear(32, num_classes)
        )
        self.double()

    def forward(self, x):
        return self.layers(x.double())


def build_model(config, info):
    return Precise(info.channels * info.height * info.width, len(info.classes))
