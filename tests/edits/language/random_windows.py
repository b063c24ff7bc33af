"""Training sees windows from anywhere in the text, as in nanoGPT."""

import torch
from torch.utils.data import Dataset

FILE = "data.py"
REPLACE = [
    (
        "        train=part(split.train),\n",
        "        train=RandomWindows(read_input(split.train, info).long(), config.context, 64),\n",
    ),
]


class RandomWindows(Dataset):
    def __init__(self, data, block_size, length):
        self.data = data
        self.block_size = block_size
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        i = int(torch.randint(len(self.data) - self.block_size, ()))
        x = self.data[i : i + self.block_size]
        y = self.data[i + 1 : i + 1 + self.block_size]
        return x, y
