"""The network normalises each picture by itself, and knows nothing of mean and std."""

from torch import nn

FILE = "model.py"


class Standardize(nn.Module):
    def forward(self, x):
        mean = x.mean(dim=(1, 2, 3), keepdim=True)
        std = x.std(dim=(1, 2, 3), keepdim=True)
        return (x - mean) / (std + 1e-5)


def build_model(config, info):
    return nn.Sequential(
        Standardize(),
        nn.Conv2d(info.channels, 16, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64, len(info.classes)),
    )
