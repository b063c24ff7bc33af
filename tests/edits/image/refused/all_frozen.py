"""All weights are frozen, so nothing can be learned."""

from torch import nn

FILE = "model.py"
EXPECTED = ["build_model", "requires_grad is False"]


def build_model(config, info):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, len(info.classes)))
    return model.requires_grad_(False)
