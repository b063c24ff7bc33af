"""Exercises 8: saving and loading."""

from pathlib import Path
from typing import Any

import torch


def weight_shapes(model: torch.nn.Module) -> dict[str, torch.Size]:
    """Return the shape of all that a network saves, by name.

    >>> weight_shapes(torch.nn.Linear(3, 2))
    {'weight': torch.Size([2, 3]), 'bias': torch.Size([2])}
    """
    raise NotImplementedError


def copy_weights(source: torch.nn.Module, target: torch.nn.Module) -> torch.nn.Module:
    """Give `target` the weights of `source`, a network of the same kind, and return `target`."""
    raise NotImplementedError


def round_trip(state: dict[str, Any], path: Path) -> dict[str, Any]:
    """Save the state in a file, and return what the file holds when it is read safely."""
    raise NotImplementedError


def without_prefix(state: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Return the state, its names without that beginning; a name that has none stays as it is.

    Wrappers add such a beginning: lesson 10 has one.

    >>> without_prefix({"module.weight": 1, "module.bias": 2}, "module.")
    {'weight': 1, 'bias': 2}
    """
    raise NotImplementedError


def snapshot(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Return all that a network saves, as it is now: training on must not change it."""
    raise NotImplementedError


def resume(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Go on from a checkpoint, and return the number of the epoch that comes next.

    The file holds a dict: "model" and "optimizer" are their states, and "epoch" is the number of
    the last epoch that was finished; the first one was number 1. Give both their states.
    """
    raise NotImplementedError
