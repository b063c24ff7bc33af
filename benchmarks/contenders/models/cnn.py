"""A small CNN: 38,282 parameters for the digits. A drop-in model.py of the image project."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvNet(nn.Module):
    """Images (N, C, H, W) with values from 0 to 255 in, logits (N, num_classes) out."""

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


def build_model(config: Any, classes: list[str], inputs: dict[str, Any]) -> nn.Module:
    """Return a new network for such images."""
    return ConvNet(**inputs, num_classes=len(classes))


def score_batch(model: nn.Module, batch: list[Tensor], config: Any) -> tuple[Tensor, Tensor]:
    """Return each example's loss and logits, as train.py wants them."""
    images, labels = batch
    logits = model(images)
    return F.cross_entropy(logits, labels, reduction="none"), logits
