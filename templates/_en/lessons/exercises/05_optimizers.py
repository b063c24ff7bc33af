"""Exercises 5: optimizers. Three of them by hand, then the step that train.py is made of."""

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def sgd(weight: torch.Tensor, gradient: torch.Tensor, lr: float) -> torch.Tensor:
    """Return the weight after one step of plain SGD.

    >>> sgd(torch.tensor([1.0]), torch.tensor([2.0]), lr=0.25)
    tensor([0.5000])
    """
    raise NotImplementedError


def momentum(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, beta: float
) -> torch.Tensor:
    """Return the weight after a step for each gradient, of SGD with momentum.

    The velocity is `beta` times what it was, plus the gradient. A step is `lr` times the velocity.
    """
    raise NotImplementedError


def rmsprop(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, alpha: float
) -> torch.Tensor:
    """Return the weight after a step for each gradient, of RMSprop.

    The mean square, 0 at first, becomes `alpha` of itself and `1 - alpha` of the gradient's
    square. A step is `lr` times the gradient, divided by the root of that (plus 1e-8).
    """
    raise NotImplementedError


def training_step(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, batch: Batch, config: Config
) -> float:
    """Train the project's network on a batch, once, and return the mean loss before the step."""
    losses, _ = compute_loss(model, batch, config)  # (N,)
    raise NotImplementedError
    return losses.mean().item()
