"""Who trains, who validates, who tests; what the examples are, and how good answers to them are."""

import hashlib
from collections import Counter
from typing import Any

import torch
from torch import Tensor

from commands.settings import UserError


def split_indices(labels: Tensor) -> tuple[Tensor, ...]:
    """Return the indices for training, validation and test: 60, 20 and 20 % of every class."""
    if len(labels) < 5:
        raise UserError(f"{len(labels)} examples: training, validation and test need 5 or more")
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))  # for all runs
    order = order[labels[order].argsort(stable=True)]  # class after class, or by size if numbers
    place = order.argsort() % 5  # where each example stands in this order, counted by five
    return tuple(torch.nonzero(part).flatten() for part in (place < 3, place == 3, place == 4))


def number_classes(names: list[str], where: Any) -> tuple[Tensor, list[str]]:
    """Return the class of every example as a number (N,), and what the numbers stand for."""
    counts = Counter(names)
    if len(counts) < 2:
        raise UserError(f"{where} has one class only, {', '.join(counts)}: 2 or more are needed")
    rarest = min(counts, key=lambda name: counts[name])
    if counts[rarest] < 3:  # of two there may be none to train with
        few = f"class {rarest!r} in {where} has {counts[rarest]} examples"
        raise UserError(f"{few}: it needs 3 or more, so add some or leave it out")
    numbers = {name: number for number, name in enumerate(sorted(counts))}
    return torch.tensor([numbers[name] for name in names]), list(numbers)


def fingerprint(*data: Any) -> str:
    """Return a short text that is another one when the data are others."""
    return hashlib.blake2b(repr(data).encode(errors="replace"), digest_size=8).hexdigest()


def measure(answers: Tensor, labels: Tensor) -> dict[str, float]:
    """Return the share of right answers; for numbers the mean error, its root mean square, R²."""
    if not labels.is_floating_point():
        return {"accuracy": (answers == labels).double().mean().item()}
    errors, spread = (answers - labels).double(), labels.double().std(correction=0)
    rmse = errors.square().mean().sqrt()
    r2 = 1 - (rmse / spread).square().item() if spread else 0.0
    return {"mae": errors.abs().mean().item(), "rmse": rmse.item(), "r2": r2}


def describe(splits: dict[str, Any]) -> None:
    """Say what was understood of the data, and how good answers are without learning from them."""
    labels = [splits[name].tensors[-1] for name in ("train", "val", "test")]
    examples = "examples: {} train, {} val, {} test".format(*map(len, labels))
    print(*splits["notes"], examples, sep="\n")
    if classes := splits["classes"]:
        counts = torch.cat(labels).flatten().bincount(minlength=len(classes))
        shown = counts.argsort(descending=True, stable=True)[:30].sort().values
        more = f" and {len(classes) - 30} more" if len(classes) > 30 else ""
        print("classes:", ", ".join(f"{classes[i]} {counts[i]}" for i in shown) + more)
        if counts.max() > 10 * counts.min():
            print("warning: some classes are rare, so watch each class in the table of eval.py")
        guess = labels[0].flatten().mode().values
    else:
        guess = labels[0].mean()
    name = repr(classes[guess]) if classes else f"{guess:,.4f}"
    scores = measure(guess.expand_as(labels[2]), labels[2])
    texts = ", ".join(f"{key} of {score:,.4f}" for key, score in scores.items())
    if len(labels[2]) < 20:
        print(f"warning: a test of {len(labels[2])} examples says little")
    print(f"to beat: always answering {name} has a test {texts}")
