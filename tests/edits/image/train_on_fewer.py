"""Training sees only a Subset of the digits, through a wrapper with a transform."""

import torch
from torch.utils.data import Dataset, Subset

from data import CLASSES, Digits, Info
from engine.dataset import Data
from engine.splits import split_indices

FILE = "data.py"


class Transformed(Dataset):
    def __init__(self, dataset, transform):
        self.dataset = dataset
        self.transform = transform

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        picture, label = self.dataset[index]
        return self.transform(picture), int(label)


def load_data(config):
    digits = Digits()
    split = split_indices(digits.labels)
    train = Subset(digits, split.train[:400].tolist())
    return Data(
        train=Transformed(train, torch.nn.Dropout(0.1)),
        val=Subset(digits, split.val.tolist()),
        test=Subset(digits, split.test.tolist()),
        info=Info(classes=CLASSES, channels=1, height=8, width=8),
    )
