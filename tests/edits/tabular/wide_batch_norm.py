"""A wider network with batch normalisation."""

import torch
from torch import nn

FILE = "model.py"


class TableNet(nn.Module):
    def __init__(self, numbers, categories, features, width, members, dropout, outputs):
        super().__init__()
        self.numbers = numbers
        self.categories = categories
        width = 4 * width
        self.layers = nn.Sequential(
            nn.Linear(features, width),
            nn.BatchNorm1d(width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(width, width),
            nn.BatchNorm1d(width),
            nn.GELU(),
            nn.Linear(width, outputs),
        )

    def forward(self, numbers, categories):
        features = []
        if self.numbers is not None:
            features.append(self.numbers(numbers))
        if self.categories is not None:
            features.append(self.categories(categories))
        return self.layers(torch.cat(features, dim=1))
