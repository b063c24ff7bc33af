"""The network, and how it does on a batch."""

from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

from config import Config


def build_model(config: Config, classes: list[str], inputs: dict[str, Any]) -> nn.Module:
    """Return a new network: points (N, 2) in, logits (N, num_classes) out."""
    layers = nn.Linear(2, config.width), nn.ReLU(), nn.Linear(config.width, len(classes))
    return nn.Sequential(*layers)


def score_batch(model: nn.Module, batch: list[Tensor], config: Config) -> tuple[Tensor, Tensor]:
    """Return each example's loss and logits: (N,), (N, num_classes). For training and eval."""
    points, labels = batch  # (N, 2), (N,)
    logits = model(points)
    return F.cross_entropy(logits, labels, reduction="none"), logits
