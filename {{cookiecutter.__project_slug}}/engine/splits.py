"""Who trains, who validates, who tests; and the numbers of the classes."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from engine.settings import UserError


class Split(NamedTuple):
    """The indices of the examples of each part."""

    train: Tensor  # (N_train,)
    val: Tensor  # (N_val,)
    test: Tensor  # (N_test,)


def split_indices(labels: Tensor) -> Split:
    """Return which examples train, validate and test: 60, 20 and 20 % of every class.

    The split is the same in each run, whatever its seed. With numbers as labels, small and large
    ones are in each part.

    Args:
        labels: (N,), of all examples.

    Raises:
        UserError: There are fewer than 5 examples.
    """
    if len(labels) < 5:
        raise UserError(f"{len(labels)} examples: training, validation and test need 5 or more")
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    order = order[labels[order].argsort(stable=True)]  # class after class, or number after number
    position = order.argsort() % 5  # where each example stands in this order, counted by five
    return Split(
        train=torch.nonzero(position < 3).flatten(),
        val=torch.nonzero(position == 3).flatten(),
        test=torch.nonzero(position == 4).flatten(),
    )


class NumberedClasses(NamedTuple):
    """Class names as numbers."""

    labels: Tensor  # (N,) int64
    classes: list[str]  # the names, in order: label 0 is the first


def number_classes(names: list[str], where: str | Path | None) -> NumberedClasses:
    """Return the class of every example as a number, and what the numbers stand for.

    Args:
        names: The class of every example.
        where: Where they come from, for messages.

    Raises:
        UserError: There is one class only, or a class has fewer than 3 examples.
    """
    counts = Counter(names)
    if len(counts) < 2:
        only = ", ".join(counts)
        raise UserError(f"{where} has one class only, {only}: 2 or more are needed")
    rarest = min(counts, key=lambda name: counts[name])
    if counts[rarest] < 3:  # one part of the split would have none
        few = f"class {rarest!r} in {where} has {counts[rarest]} examples"
        raise UserError(f"{few}: it needs 3 or more, so add some or leave it out")
    classes = sorted(counts)
    numbers = {name: number for number, name in enumerate(classes)}
    return NumberedClasses(torch.tensor([numbers[name] for name in names]), classes)


def fingerprint(*data: object) -> str:
    """Return a short text that is another one when the data are others."""
    content = repr(data).encode(errors="replace")
    return hashlib.blake2b(content, digest_size=8).hexdigest()
