"""A Dataset of NumPy's float64 rows, which adds noise in training."""

import numpy as np
from torch.utils.data import Dataset

from data import Info, load_cancer, read_input
from engine.columns import learn_columns
from engine.dataset import Data
from engine.splits import number_classes, split_indices

FILE = "data.py"
SHOWN = True


class Rows(Dataset):
    def __init__(self, numbers, labels, noise):
        self.numbers = np.asarray(numbers, dtype=np.float64)
        self.labels = labels
        self.noise = noise

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        numbers = self.numbers[index]
        if self.noise:
            numbers = numbers * np.random.normal(1, self.noise, len(numbers))
        return (numbers, np.zeros(0, dtype=np.int64)), self.labels[index]


def load_data(config):
    table = load_cancer()
    labels, classes = number_classes(table.pop("diagnosis"), None)
    split = split_indices(labels)
    learned = learn_columns(table, split.train.tolist())
    info = Info(classes=classes, numbers=learned.numbers, categories={})
    rows = read_input(table, info).numbers
    y = labels.numpy().astype(np.int32)
    return Data(
        train=Rows(rows[split.train], y[split.train], noise=0.01),
        val=Rows(rows[split.val], y[split.val], noise=0),
        test=Rows(rows[split.test], y[split.test], noise=0),
        info=info,
    )
