"""The network, and how it does on a batch."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config
from data import shift


class ConvNet(nn.Module):
    """Images (N, C, H, W) with values from 0 to 255 in, logits (N, num_classes) out."""

    def __init__(
        self, channels: int, height: int, width: int, mean: list[float], std: list[float],
        num_classes: int, features: int,
    ) -> None:  # fmt: skip
        super().__init__()
        self.mean = nn.Buffer(torch.tensor(mean).view(1, -1, 1, 1))  # (1, C, 1, 1), saved with
        self.std = nn.Buffer(torch.tensor(std).view(1, -1, 1, 1))  # the weights, but not trained
        layers: list[nn.Module] = []
        while min(height, width) >= 4:  # until 2 or 3 pixels are left
            convolution = nn.Conv2d(channels, features, kernel_size=3, padding=1, bias=False)
            layers += [convolution, nn.BatchNorm2d(features), nn.ReLU(), nn.MaxPool2d(2)]
            height, width = height // 2, width // 2
            channels, features = features, 2 * features
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(channels * height * width, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Return one raw score ("logit") per class."""
        features = self.features((images - self.mean) / self.std)  # (N, features, 2 or 3, 2 or 3)
        return self.classifier(features.flatten(1))  # (N, num_classes)


def build_model(config: Config, classes: list[str], inputs: dict[str, Any]) -> nn.Module:
    """Return a new network for such images; its memory format is a faster one, shapes stay."""
    model = ConvNet(**inputs, num_classes=len(classes), features=config.width)
    return model.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload]


def score_batch(model: nn.Module, batch: list[Tensor], config: Config) -> tuple[Tensor, Tensor]:
    """Return each example's loss and logits: (N,), (N, num_classes). For training and eval."""
    images, labels = batch  # (N, C, H, W) uint8, (N,) int64
    smoothing = config.label_smoothing if model.training else 0.0
    if model.training:
        images = shift(images, config.max_shift)
    logits = model(images)
    losses = F.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)
    return losses, logits
