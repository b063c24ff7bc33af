"""Labels are NumPy's int32, and pictures float64 arrays."""

import numpy as np
from torch.utils.data import Dataset

from data import CLASSES, Info
from engine.dataset import Data

FILE = "data.py"


class Arrays(Dataset):
    def __init__(self, pictures, labels):
        self.pictures = pictures
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.pictures[index], self.labels[index]


def load_data(config):
    from sklearn.datasets import load_digits as load
    from sklearn.model_selection import train_test_split

    digits = load()
    pictures = digits.images[:, None] / 16
    labels = digits.target.astype(np.int32)
    x, x_test, y, y_test = train_test_split(pictures, labels, test_size=0.2, random_state=0)
    x, x_val, y, y_val = train_test_split(x, y, test_size=0.25, random_state=0)
    info = Info(classes=CLASSES, channels=1, height=8, width=8)
    info.mean = [float(x.mean())]
    info.std = [float(x.std())]
    return Data(Arrays(x, y), Arrays(x_val, y_val), Arrays(x_test, y_test), info)
