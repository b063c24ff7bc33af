"""Each line is an example, as long as it is."""

from torch.utils.data import Dataset

from data import read_input

FILE = "data.py"
EXPECTED = ["data.py: Lines.__getitem__", "collate_fn"]
REPLACE = [
    (
        "        return Windows(read_input(text, info), config.context)\n",
        "        return Lines(text, info)\n",
    ),
]


class Lines(Dataset):
    def __init__(self, text, info):
        self.lines = [read_input(line, info).long() for line in text.split("\n") if len(line) > 1]

    def __len__(self):
        return len(self.lines)

    def __getitem__(self, index):
        return self.lines[index][:-1], self.lines[index][1:]
