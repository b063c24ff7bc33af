"""Exercises 6: data."""

import torch
from torch.utils.data import Dataset


def pad(rows: list[list[int]]) -> torch.Tensor:
    """Return the rows as one table: zeros behind the shorter ones make all as long as the longest.

    >>> pad([[1, 2, 3], [4]])
    tensor([[1, 2, 3],
            [4, 0, 0]])
    """
    raise NotImplementedError


def brighter(pixels: torch.Tensor, by: int) -> torch.Tensor:
    """Return pixels (uint8) made brighter; what would be over 255 is 255.

    >>> brighter(torch.tensor([0, 250], dtype=torch.uint8), 10)
    tensor([ 10, 255], dtype=torch.uint8)
    """
    raise NotImplementedError


def batches_per_epoch(dataset: Dataset, batch_size: int) -> int:
    """Return how many batches it takes to see every example once; the last may be smaller."""
    raise NotImplementedError


def class_counts(dataset: Dataset, classes: int) -> torch.Tensor:
    """Return how many examples each class has, 0 included: whole numbers (classes,).

    `dataset[index]` gives an input and its label.
    """
    raise NotImplementedError
