"""A label is the one character behind the window, as in makemore."""

from torch.utils.data import Dataset

FILE = "data.py"
EXPECTED = ["data.py: the labels of val are a tensor (2,) int64", "(N, T), at each place"]
REPLACE = [
    (
        "        return Windows(read_input(text, info), config.context)\n",
        "        return Pairs(read_input(text, info).long(), config.context)\n",
    ),
]


class Pairs(Dataset):
    def __init__(self, data, block_size):
        self.data = data
        self.block_size = block_size

    def __len__(self):
        return len(self.data) - self.block_size

    def __getitem__(self, i):
        return self.data[i : i + self.block_size], self.data[i + self.block_size]
