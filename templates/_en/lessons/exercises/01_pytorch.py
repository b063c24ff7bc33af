"""Exercises 1: what PyTorch is. Write your answer where it says `raise NotImplementedError`."""

import torch

from engine.dataset import Data


def installed_version() -> str:
    """Return which version of PyTorch is installed, as text such as '2.13.0'."""
    raise NotImplementedError


def batch_shapes(tensors: list[torch.Tensor]) -> list[torch.Size]:
    """Return the shape of every tensor in a list: here the inputs and the labels of a batch.

    >>> batch_shapes([torch.zeros(8, 3), torch.zeros(8)])
    [torch.Size([8, 3]), torch.Size([8])]
    """
    raise NotImplementedError


def count_classes(data: Data) -> int:
    """Return how many classes the data have; `data` is what `load_data` of data.py returns.

    >>> from engine.dataset import Info
    >>> count_classes(Data(train=[], val=[], test=[], info=Info(classes=["cat", "dog"])))
    2
    """
    raise NotImplementedError


def training_share(data: Data) -> float:
    """Return which share of all examples is in `data.train`; `val` and `test` have the others.

    >>> from engine.dataset import Info
    >>> training_share(Data(train=[1, 2, 3], val=[4], test=[5], info=Info()))
    0.6
    """
    raise NotImplementedError
