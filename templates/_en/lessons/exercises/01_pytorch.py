"""Exercises 1: what PyTorch is. Write your answer where it says `raise NotImplementedError`."""

from typing import Any

import torch


def installed_version() -> str:
    """Return which version of PyTorch is installed, as text such as '2.13.0'."""
    raise NotImplementedError


def batch_shapes(batch: list[torch.Tensor]) -> list[torch.Size]:
    """Return the shape of every tensor in a batch.

    >>> batch_shapes([torch.zeros(8, 3), torch.zeros(8)])
    [torch.Size([8, 3]), torch.Size([8])]
    """
    raise NotImplementedError


def count_classes(splits: dict[str, Any]) -> int:
    """Return how many classes the data have; `splits` is what `load_splits` of data.py returns.

    >>> count_classes({"train": [], "classes": ["cat", "dog"]})
    2
    """
    raise NotImplementedError


def training_share(splits: dict[str, Any]) -> float:
    """Return which share of all examples is in `train`; the others are in `val` and `test`.

    >>> training_share({"train": [1, 2, 3], "val": [4], "test": [5]})
    0.6
    """
    raise NotImplementedError
