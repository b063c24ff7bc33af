"""load_data returns a tuple."""

import torch
from torch.utils.data import Dataset

from data import Info

FILE = "data.py"
EXPECTED = ["load_data", "tuple", "Data"]


class Mine(Dataset):
    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return torch.zeros(1, 8, 8), index % 3


def load_data(config):
    info = Info(classes=["one", "two", "three"], channels=1, height=8, width=8)
    return Mine(60), Mine(20), Mine(20), info
