"""How the numbers of a column are scaled before a network sees them."""

from typing import NamedTuple

import torch
from torch import Tensor


class Scale(NamedTuple):
    """What scales a column: a network gets (number - center) / scale."""

    center: float
    scale: float  # never 0
    edges: list[float]  # in scaled units, for networks that use them; may be empty


def learn_scale(values: Tensor) -> Scale:
    """Return what scales a column: its mean and its standard deviation.

    Args:
        values: (N,) float64, the known numbers of the training rows; there may be none.
    """
    if len(values) == 0:
        return Scale(center=0.0, scale=1.0, edges=[])
    center = values.mean()
    scale = torch.sqrt((values - center).square().mean())
    return Scale(center.item(), scale.item() or 1.0, edges=[])
