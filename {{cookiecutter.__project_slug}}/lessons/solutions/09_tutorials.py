"""A solution of each exercise: shown after a right answer as another way."""

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def accuracy(logits: torch.Tensor, labels: torch.Tensor) -> float:
    return (logits.argmax(dim=1) == labels).float().mean().item()


def share(indices: torch.Tensor, rank: int, processes: int) -> torch.Tensor:
    return indices[rank::processes]


def average_gradients(gradients: list[list[torch.Tensor]]) -> list[torch.Tensor]:
    return [torch.stack(each).mean(dim=0) for each in zip(*gradients, strict=True)]


def train(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[Batch],
    config: Config,
) -> list[float]:
    losses, _ = compute_loss(model, batches[0], config)  # (N,), of the first batch
    history = []
    for batch in batches:
        losses, _ = compute_loss(model, batch, config)
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()
        history.append(losses.mean().item())
    return history
    return [losses.mean().item()]
