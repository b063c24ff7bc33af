"""The network does nothing about what is not a number."""

import torch
from torch import nn

FILE = "model.py"
OPTIONS = ["--data", "gaps.csv", "--target", "kind"]
EXPECTED = ["build_model", "nan", "data.py"]


class Net(nn.Module):
    def __init__(self, features, num_classes):
        super().__init__()
        self.linear = nn.Linear(features, num_classes)

    def forward(self, numbers, categories):
        return self.linear(numbers / torch.tensor(1.0))


def build_model(config, info):
    return Net(len(info.numbers), len(info.classes))


def prepare(project):
    lines = ["size,weight,kind\n"]
    for number in range(100):
        weight = "" if number % 3 else f"{number % 7}.5"
        lines.append(f"{number / 10},{weight},{'ab'[number % 2]}\n")
    (project / "gaps.csv").write_text("".join(lines), encoding="utf-8")
