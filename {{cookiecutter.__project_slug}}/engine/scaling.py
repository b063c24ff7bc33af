"""How the numbers of a column, and those to predict, are scaled for a network."""

from typing import NamedTuple

import numpy as np
from torch import Tensor

MOST_BINS = 32  # between the edges of a column
ROWS_PER_BIN = 80  # at least: fewer say little about a bin
LARGEST = 1e30  # an edge farther off would not fit into float32
NORMAL = 1.349  # so many standard deviations lie between the quartiles of a normal distribution


class Scale(NamedTuple):
    """What scales a column: a network gets (number - center) / scale."""

    center: float
    scale: float  # never 0
    edges: list[float]  # of bins, ascending, in scaled units; one alone where all are the same


def learn_scale(values: Tensor) -> Scale:
    """Return what scales a column: its median, and what the middle half of its values says.

    Unlike the mean and the standard deviation, they hardly change with a few values far off.

    Args:
        values: (N,) float64, the known numbers of the training rows; there may be none.
    """
    if len(values) == 0:
        return Scale(center=0.0, scale=1.0, edges=[0.0])
    lower, center, upper = np.quantile(values.numpy(), [0.25, 0.5, 0.75]).tolist()
    scale = (upper - lower) / NORMAL
    if scale == 0:  # half of the values are the same
        scale = std_of(values)
    scaled = (values - center) / scale
    return Scale(center, scale, learn_edges(scaled.clamp(-LARGEST, LARGEST)))


def learn_edges(values: Tensor) -> list[float]:
    """Return the edges of bins that hold about the same number of values each.

    A column of few different values has an edge at each of these.

    Args:
        values: (N,) float64, scaled; there is at least one.
    """
    bins = min(MOST_BINS, max(1, len(values) // ROWS_PER_BIN))
    different = values.unique()
    if len(different) <= bins + 1:
        return different.tolist()
    shares = np.linspace(0, 1, bins + 1)
    return np.unique(np.quantile(values.numpy(), shares)).tolist()


class TargetScale(NamedTuple):
    """What scales the numbers to predict."""

    mean: float
    std: float  # never 0
    is_log: bool  # whether both are of the natural logarithm


def learn_target_scale(labels: Tensor) -> TargetScale:
    """Return what scales the numbers to predict.

    Where they are spread over orders of magnitude, as incomes of countries, it is their logarithm
    that a network learns: else the few largest would be all that counts.

    Args:
        labels: (N,), of the training rows.
    """
    targets = labels.double()
    if (targets > 0).all():
        logs = targets.log()
        # A spread of e or more, and a long tail that the logarithm takes away.
        if std_of(logs) > 1 and skew_of(targets) > 2 and abs(skew_of(logs)) < 1:
            return TargetScale(logs.mean().item(), std_of(logs), is_log=True)
    return TargetScale(targets.mean().item(), std_of(targets), is_log=False)


def std_of(values: Tensor) -> float:
    """Return the standard deviation of values (N,), or 1 where it is 0."""
    return values.std(correction=0).item() or 1.0


def skew_of(values: Tensor) -> float:
    """Return the skewness of values (N,): above 0 if the tail of the large ones is longer."""
    deviations = (values - values.mean()) / std_of(values)
    return deviations.pow(3).mean().item()
