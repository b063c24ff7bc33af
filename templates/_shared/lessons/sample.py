"""The project's own data and network, as the exercises are tried with them."""

from copy import deepcopy
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from config import Config
from data import load_splits
from model import build_model


@cache
def splits() -> dict[str, Any]:
    """Return the project's data, read once."""
    return load_splits(Config())


def batch(size: int = 8, part: str = "train") -> list[Tensor]:
    """Return examples from all over the data: new tensors, which an exercise may spoil."""
    dataset = splits()[part]
    return list(dataset[torch.linspace(0, len(dataset) - 1, size).long()])


@cache
def first_network() -> nn.Module:
    """Return the project's network, with nothing random in it."""
    torch.manual_seed(0)
    return build_model(Config(), splits()["classes"], splits()["inputs"]).eval()


def network() -> nn.Module:
    """Return a copy of it, which an exercise may train."""
    return deepcopy(first_network())
