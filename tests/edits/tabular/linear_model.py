"""A linear model of the curves of the numbers, nothing else."""

from torch import nn

from model import EmbeddedNumbers

FILE = "model.py"


class Linear(nn.Module):
    def __init__(self, embed_numbers, num_classes):
        super().__init__()
        self.embed_numbers = embed_numbers
        self.linear = nn.Linear(embed_numbers.features, num_classes)

    def forward(self, numbers, categories):
        return self.linear(self.embed_numbers(numbers))


def build_model(config, info):
    edges = [column["edges"] for column in info.numbers.values()]
    embed_numbers = EmbeddedNumbers(edges, gaps=[False] * len(edges), width=2)
    return Linear(embed_numbers, len(info.classes))
