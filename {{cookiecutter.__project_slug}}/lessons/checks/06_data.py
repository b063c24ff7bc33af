"""Cases for exercises 6: (arguments, what should come out)."""

from collections import Counter
from typing import Any

import torch
from torch.utils.data import DataLoader, Subset, TensorDataset

from lessons.cases import Case
from lessons.sample import project_data


def pad():
    yield Case(([[1, 2, 3], [4]],), torch.tensor([[1, 2, 3], [4, 0, 0]]))
    yield Case(([[7], [8, 9]],), torch.tensor([[7, 0], [8, 9]]))


def brighter():
    pixels = torch.tensor([0, 100, 250], dtype=torch.uint8)
    yield Case((pixels, 10), torch.tensor([10, 110, 255], dtype=torch.uint8))
    yield Case((pixels, 200), torch.tensor([200, 255, 255], dtype=torch.uint8))


def batches_per_epoch():
    yield Case((TensorDataset(torch.arange(10)), 4), 3)
    yield Case((TensorDataset(torch.arange(8)), 4), 2)
    train = project_data().train
    yield Case((train, 64), len(DataLoader(train, batch_size=64)))


def class_counts():
    few = TensorDataset(torch.zeros(4, 2), torch.tensor([1, 0, 1, 1]))
    yield Case((few, 3), torch.tensor([1, 3, 0]))
    classes = len(project_data().info.classes)
    if classes > 0:  # the project may have been made to learn numbers
        val: Any = project_data().val
        some = Subset(val, range(min(100, len(val))))  # to read all could take long
        counts = Counter(int(some[index][1]) for index in range(len(some)))
        yield Case((some, classes), torch.tensor([counts[number] for number in range(classes)]))
