"""Exercises 6: data. Batches, a transform, a Dataset of your own, and a split without a leak."""

import math

import torch
from torch.utils.data import Dataset


def pad(rows: list[list[int]]) -> torch.Tensor:
    """Return the rows as one table: zeros behind the shorter ones make all as long as the longest.

    The lists themselves stay as they are.

    >>> pad([[1, 2, 3], [4]])
    tensor([[1, 2, 3],
            [4, 0, 0]])
    """
    raise NotImplementedError


def brighter(pixels: torch.Tensor, by: int) -> torch.Tensor:
    """Return pixels (uint8) made brighter; what would be over 255 is 255.

    `pixels` has any shape and stays as it is; `by` is from 0 to 255.

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


class Windows(Dataset):
    """Pieces of a long series, and the number that comes after each: that is to be predicted.

    Example `index` is a pair: the `length` numbers of the series from place `index` on (length,),
    and the number behind them, a tensor without a dimension. There are as many examples as there
    are numbers with `length` others before them.

    >>> windows = Windows(torch.tensor([1.0, 2.0, 4.0, 8.0, 16.0]), length=3)
    >>> len(windows)
    2
    >>> windows[1]
    (tensor([2., 4., 8.]), tensor(16.))
    """

    def __init__(self, series: torch.Tensor, length: int) -> None:
        """Keep what the other methods need: `series` is (T,), and T is more than `length`."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Return how many examples there are."""
        raise NotImplementedError

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return example number `index`, from 0 on."""
        raise NotImplementedError


def erase_square(picture: torch.Tensor, size: int) -> torch.Tensor:
    """Return a copy of the picture (C, H, W) in which a square of `size` pixels a side is 0.

    This is an augmentation: the network learns not to rely on a single place. The square lies at
    random, each time anew, and wholly inside the picture: each such place may come, those at the
    edges too. It is 0 in all channels. `size` is at most H and at most W.
    """
    raise NotImplementedError


def split_by_person(persons: list[str], val_persons: int, seed: int) -> tuple[list[int], list[int]]:
    """Return which pictures are for training, and which for validation: their numbers, ascending.

    `persons[number]` says who is on picture `number`. So many persons, drawn at random, are for
    validation, each with all pictures of theirs. The rest is for training. The same seed always
    gives the same split, also when Python is started again; another seed mostly another one.

    >>> train, val = split_by_person(["Ann", "Bo", "Ann", "Bo"], val_persons=1, seed=0)
    >>> sorted([train, val])
    [[0, 2], [1, 3]]
    """
    raise NotImplementedError
