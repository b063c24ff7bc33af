"""Exercises 5: optimizers. Four of them by hand, a schedule, and the step of train.py."""

import math

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def sgd(weight: torch.Tensor, gradient: torch.Tensor, lr: float) -> torch.Tensor:
    """Return the weight after one step of plain SGD. `weight` itself stays as it is.

    >>> sgd(torch.tensor([1.0]), torch.tensor([2.0]), lr=0.25)
    tensor([0.5000])
    """
    raise NotImplementedError


def momentum(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, beta: float
) -> torch.Tensor:
    """Return the weight after a step for each gradient, of SGD with momentum.

    The velocity, 0 at first, is `beta` times what it was, plus the gradient. A step is `lr` times
    the velocity. `weight` itself stays as it is.
    """
    raise NotImplementedError


def rmsprop(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, alpha: float
) -> torch.Tensor:
    """Return the weight after a step for each gradient, of RMSprop.

    The mean square, 0 at first, becomes `alpha` of itself and `1 - alpha` of the gradient's
    square. A step is `lr` times the gradient, divided by the root of the mean square. 1e-8 is
    added to the root, so that it is never 0. `weight` itself stays as it is.
    """
    raise NotImplementedError


def adam(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, beta1: float, beta2: float
) -> torch.Tensor:
    """Return the weight after a step for each gradient, of Adam.

    Two running means, 0 at first: `beta1` of the mean and `1 - beta1` of the gradient; `beta2` of
    the mean square and `1 - beta2` of the gradient's square. In step n, the first being 1, they
    are divided by `1 - beta1**n` and `1 - beta2**n`; what is kept is not. A step is `lr` times the
    first, divided by the root of the second. 1e-8 is added to the root, so that it is never 0.
    `weight` itself stays as it is.
    """
    raise NotImplementedError


def warmup_then_cosine(step: int, warmup: int, steps: int, lr: float) -> float:
    """Return the learning rate of a step, of those from 0 to `steps - 1`.

    In the first `warmup` steps it grows evenly, from `lr / warmup` in step 0 to `lr` in step
    `warmup - 1`. From step `warmup` on it falls along half a cosine wave: from `lr` in step
    `warmup` to what would be 0 in step `steps`. `warmup` may be 0, and is less than `steps`.

    >>> [round(warmup_then_cosine(step, warmup=2, steps=6, lr=0.4), 3) for step in range(6)]
    [0.2, 0.4, 0.4, 0.341, 0.2, 0.059]
    """
    raise NotImplementedError


def training_step(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, batch: Batch, config: Config
) -> float:
    """Train the project's network on a batch, once, and return the mean loss before the step.

    It is called again and again, with another batch each time: each step takes the gradients of
    its own batch alone. They are those of the mean loss.
    """
    losses, _ = compute_loss(model, batch, config)  # (N,)
    raise NotImplementedError
    return losses.mean().item()
