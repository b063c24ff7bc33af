"""A solution of each exercise: shown after a right answer as another way."""

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def sgd(weight: torch.Tensor, gradient: torch.Tensor, lr: float) -> torch.Tensor:
    return weight - lr * gradient


def momentum(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, beta: float
) -> torch.Tensor:
    velocity = torch.zeros_like(weight)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        weight = weight - lr * velocity
    return weight


def rmsprop(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, alpha: float
) -> torch.Tensor:
    square = torch.zeros_like(weight)
    for gradient in gradients:
        square = alpha * square + (1 - alpha) * gradient**2
        weight = weight - lr * gradient / (square.sqrt() + 1e-8)
    return weight


def training_step(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, batch: Batch, config: Config
) -> float:
    losses, _ = compute_loss(model, batch, config)  # (N,)
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    return losses.mean().item()
