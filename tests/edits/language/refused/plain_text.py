"""A Dataset that gives the text itself."""

from torch.utils.data import Dataset

FILE = "data.py"
EXPECTED = ["data.py: Lines.__getitem__", "str"]
REPLACE = [
    (
        "        return Windows(read_input(text, info), config.context)\n",
        "        return Lines(text)\n",
    ),
]


class Lines(Dataset):
    def __init__(self, text):
        self.lines = text.split("\n")

    def __len__(self):
        return len(self.lines)

    def __getitem__(self, index):
        return self.lines[index][:-1], self.lines[index][1:]
