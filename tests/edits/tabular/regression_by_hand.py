"""scikit-learn's diabetes: a number is predicted."""

import torch

from data import Info, read_input
from engine.columns import learn_columns
from engine.dataset import Data, InMemory
from engine.splits import split_indices

FILE = "data.py"


def load_data(config):
    from sklearn.datasets import load_diabetes

    found = load_diabetes(scaled=False)
    table = {}
    for column, name in enumerate(found.feature_names):
        table[name] = [str(value) for value in found.data[:, column]]
    labels = torch.from_numpy(found.target).float()
    split = split_indices(labels)
    learned = learn_columns(table, split.train.tolist())
    info = Info(numbers=learned.numbers, categories=learned.categories)
    info.target_mean = labels[split.train].mean().item()
    info.target_std = labels[split.train].std().item()
    numbers, categories = read_input(table, info)
    rows = InMemory((numbers, categories), labels)
    return Data(rows.part(split.train), rows.part(split.val), rows.part(split.test), info)
