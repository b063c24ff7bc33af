"""A small CNN: 38,282 parameters for the digits. A drop-in model.py of the image project."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvNet(nn.Module):
    """Images (N, C, H, W) in, logits (N, num_classes) out."""

    def __init__(
        self, channels: int, height: int, width: int, mean: list[float], std: list[float],
        num_classes: int,
    ) -> None:  # fmt: skip
        super().__init__()
        self.mean = nn.Buffer(torch.tensor(mean).view(1, -1, 1, 1))
        self.std = nn.Buffer(torch.tensor(std).view(1, -1, 1, 1))
        self.layers = nn.Sequential(
            nn.Conv2d(channels, 16, 3, padding=1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * (height // 2) * (width // 2), 64), nn.ReLU(),
            nn.Linear(64, num_classes),
        )  # fmt: skip

    def forward(self, images: Tensor) -> Tensor:
        """Return one raw score per class."""
        return self.layers((images - self.mean) / self.std)


def build_model(config: Any, info: Any) -> nn.Module:
    """Return a new network for such images."""
    return ConvNet(info.channels, info.height, info.width, info.mean, info.std, len(info.classes))


def compute_loss(model: nn.Module, batch: Any, config: Any) -> tuple[Tensor, Tensor]:
    """Return each example's loss and logits, as train.py wants them."""
    images, labels = batch
    logits = model(images)
    return F.cross_entropy(logits, labels, reduction="none"), logits


def metrics(info: Any) -> list[Any]:
    """Return the metrics of each epoch."""
    return [accuracy]


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Return the share of examples whose likeliest class is the right one."""
    return (logits.argmax(dim=1) == labels).double().mean().item()
