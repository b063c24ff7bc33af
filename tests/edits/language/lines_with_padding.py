"""Each line of the text is an example, padded at its end: there nothing is to be foreseen."""

import torch
from torch.utils.data import Dataset

from data import read_input

FILE = "data.py"
REPLACE = [
    (
        "        return Windows(read_input(text, info), config.context)\n",
        "        return Lines(text, info, config.context)\n",
    ),
]


class Lines(Dataset):
    def __init__(self, text, info, size):
        self.lines = [line for line in text.split("\n") if len(line) > 1]
        self.info = info
        self.size = size

    def __len__(self):
        return len(self.lines)

    def __getitem__(self, index):
        numbers = read_input(self.lines[index], self.info)[: self.size + 1].long()
        inputs = torch.zeros(self.size, dtype=torch.long)
        targets = torch.full((self.size,), -100)  # cross_entropy leaves these out
        inputs[: len(numbers) - 1] = numbers[:-1]
        targets[: len(numbers) - 1] = numbers[1:]
        return inputs, targets
