"""Exercises 12: over- and underfitting, and how to find a learning rate."""

import torch


def best_epoch(val_losses: list[float], patience: int) -> tuple[int, int]:
    """Return the best epoch, and the last one that early stopping trains, both counted from 0.

    `val_losses` holds the validation loss after each epoch, as it would be without stopping.
    Training ends after the epoch that completes `patience` epochs in a row (at least 1) without a
    new lowest loss; an equal loss is none. If that never comes, it ends with the last of the list.
    The best epoch is the first with the lowest loss among those that are trained.

    >>> best_epoch([2.0, 1.5, 1.6, 1.7, 1.2], patience=2)
    (1, 3)
    """
    raise NotImplementedError


def range_of_rates(lowest: float, highest: float, count: int) -> list[float]:
    """Return the learning rates of a range test: `count` of them (at least 2), as floats.

    The first is `lowest`, the last `highest`, and each is the same factor times the one before.

    >>> [round(rate, 6) for rate in range_of_rates(0.001, 1.0, count=4)]
    [0.001, 0.01, 0.1, 1.0]
    """
    raise NotImplementedError


def choose_rate(rates: list[float], losses: list[float]) -> float:
    """Return the learning rate that a range test advises: a tenth of the one with the lowest loss.

    `losses` belong to the `rates`, which rise. Where the first loss is nan or infinite, it and all
    after it do not count (the very first loss is a number). A single loss can be low by chance, so
    compare the mean of each loss and its direct neighbours: of three, or of fewer where one or
    both neighbours are missing. Of equal means the one of the lowest rate counts.

    >>> choose_rate([0.01, 0.1, 1.0, 10.0], [2.0, 1.0, 0.5, float("inf")])
    0.1
    """
    raise NotImplementedError


def diagnose(train_losses: list[float], val_losses: list[float], guessing: float) -> str:
    """Return "underfitting", "overfitting" or "good", from the losses after each epoch.

    It is "underfitting" if the last training loss is above half of `guessing`, the loss of a
    network that knows nothing. Else it is "overfitting" if the last validation loss is above 1.1
    times the lowest validation loss. Else it is "good".

    >>> diagnose([2.0, 0.5, 0.1], [2.1, 0.9, 1.5], guessing=2.3)
    'overfitting'
    """
    raise NotImplementedError


def decayed_step(
    parameters: dict[str, torch.Tensor],
    gradients: dict[str, torch.Tensor],
    lr: float,
    weight_decay: float,
) -> dict[str, torch.Tensor]:
    """Return the parameters, by their names, after one step of SGD with weight decay.

    Weight decay adds `weight_decay` times the parameter to its gradient, before the step of `lr`
    times the gradient. Here, as often, only parameters with two or more dimensions decay: biases
    do not. A parameter that has no gradient stays as it is. The arguments are not changed.
    """
    raise NotImplementedError
