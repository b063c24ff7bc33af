"""A character has a number that the embedding does not have."""

from torch import nn

FILE = "model.py"
EXPECTED = ["build_model", "out of range", "model.py, line"]


class Net(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(30, 16)
        self.linear = nn.Linear(16, num_classes)

    def forward(self, text):
        return self.linear(self.embedding(text).mean(dim=1))


def build_model(config, info):
    return Net(len(info.classes))
