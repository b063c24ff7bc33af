"""The network, its loss, and what is measured."""

import torch.nn.functional as F
from torch import Tensor, nn

from config import Config
from data import Info
from engine.dataset import Batch
from engine.metrics import Metric, accuracy, balanced_accuracy, macro_f1


def build_model(config: Config, info: Info) -> nn.Module:
    """Return a new network: points (N, 2) in, logits (N, num_classes) out."""
    return nn.Sequential(
        nn.Linear(2, config.width),
        nn.ReLU(),
        nn.Linear(config.width, len(info.classes)),
    )


def compute_loss(model: nn.Module, batch: Batch, config: Config) -> tuple[Tensor, Tensor]:
    """Return the loss of each example (N,) and the logits (N, num_classes)."""
    points, labels = batch  # (N, 2), (N,)
    logits = model(points)
    losses = F.cross_entropy(logits, labels, reduction="none")
    return losses, logits


def metrics(info: Info) -> list[Metric]:
    """Return what is measured beside the loss."""
    return [accuracy, macro_f1, balanced_accuracy]
