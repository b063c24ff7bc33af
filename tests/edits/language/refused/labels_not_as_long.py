"""The label has a character less than the window."""

from torch.utils.data import Dataset

FILE = "data.py"
EXPECTED = ["data.py: the labels of val are (2, 15) for inputs (2, 16)"]
REPLACE = [
    (
        "        return Windows(read_input(text, info), config.context)\n",
        "        return Blocks(read_input(text, info).long(), config.context)\n",
    ),
]


class Blocks(Dataset):
    def __init__(self, data, size):
        self.data = data
        self.size = size

    def __len__(self):
        return len(self.data) // self.size

    def __getitem__(self, index):
        block = self.data[index * self.size : (index + 1) * self.size]
        return block, block[1:]
