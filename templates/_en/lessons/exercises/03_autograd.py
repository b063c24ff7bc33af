"""Exercises 3: autograd."""

from collections.abc import Callable

import torch


def slope(function: Callable[[torch.Tensor], torch.Tensor], at: float) -> float:
    """Return the slope of a function of one number at that place.

    >>> slope(torch.square, 3.0)
    6.0
    """
    raise NotImplementedError


def fresh_gradients(weight: torch.Tensor, losses: list[Callable]) -> list[torch.Tensor]:
    """Return the gradient of each loss alone; `weight` requires a gradient.

    >>> fresh_gradients(torch.tensor(3.0, requires_grad=True), [torch.square, torch.relu])
    [tensor(6.), tensor(1.)]
    """
    raise NotImplementedError


def error_gradient(
    weight: torch.Tensor, inputs: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    """Return the gradient of the mean of `(inputs @ weight - targets) ** 2` at `weight` (F,).

    The weight does not require a gradient yet. `inputs` are (N, F), `targets` (N,).

    >>> error_gradient(torch.tensor([1.0]), torch.tensor([[2.0]]), torch.tensor([0.0]))
    tensor([8.])
    """
    raise NotImplementedError


def logits_only(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Return `model(*inputs)`, without remembering how it was calculated."""
    raise NotImplementedError
