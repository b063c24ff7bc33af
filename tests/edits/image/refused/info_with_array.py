"""Info holds an array, which a checkpoint cannot keep."""

import torch
from torch.utils.data import Dataset

from data import Info
from engine.dataset import Data

FILE = "data.py"
EXPECTED = ["info", "mean", "tolist"]


class Mine(Dataset):
    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return torch.zeros(1, 8, 8), index % 3


def load_data(config):
    info = Info(classes=["one", "two", "three"], channels=1, height=8, width=8)
    info.mean = torch.zeros(1).numpy()
    return Data(Mine(60), Mine(20), Mine(20), info)
