"""Exercises 9: a classifier, its training and what it gets wrong."""

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def accuracy(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the share of examples whose highest logit is that of their class.

    >>> accuracy(torch.tensor([[0.1, 2.0], [3.0, 0.2]]), torch.tensor([1, 1]))
    0.5
    """
    raise NotImplementedError


def train(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[Batch],
    config: Config,
) -> list[float]:
    """Train the project's network, a step for each batch, and return the mean loss of each."""
    losses, _ = compute_loss(model, batches[0], config)  # (N,), of the first batch
    raise NotImplementedError
    return [losses.mean().item()]


def evaluate(model: torch.nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    """Return the mean cross-entropy of all examples in all batches.

    A batch is (inputs, labels), and `model(inputs)` gives the logits. Batches may differ in size:
    every example counts the same. The model answers in evaluation mode and without gradients.
    Afterwards it is in the mode that it was in before, training or evaluation, with all its layers;
    and gradients are recorded again.
    """
    raise NotImplementedError


def confusion_matrix(answers: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Return how often each class got each answer: whole numbers (classes, classes).

    The row is the label, the column is the answer; both are class numbers (N,).

    >>> confusion_matrix(torch.tensor([1, 1, 0]), torch.tensor([1, 0, 0]), classes=2)
    tensor([[1, 1],
            [0, 1]])
    """
    raise NotImplementedError


def worst_mistakes(logits: torch.Tensor, labels: torch.Tensor, count: int) -> torch.Tensor:
    """Return the indices of the wrong answers with the highest cross-entropy, the highest first.

    There are `count` of them, or fewer if fewer answers are wrong.

    >>> logits = torch.tensor([[0.0, 1.0], [5.0, 0.0], [2.0, 0.0], [0.0, 9.0]])
    >>> worst_mistakes(logits, torch.tensor([0, 1, 1, 1]), count=2)
    tensor([1, 2])
    """
    raise NotImplementedError
