"""A ResNet-18 for images of 32 x 32: 11 million parameters. A drop-in model.py."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, channels: int, features: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, features, 3, stride, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(features)
        self.second = nn.Conv2d(features, features, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(features)
        self.around = nn.Sequential()
        if stride > 1 or channels != features:
            convolution = nn.Conv2d(channels, features, 1, stride, bias=False)
            self.around = nn.Sequential(convolution, nn.BatchNorm2d(features))

    def forward(self, images: Tensor) -> Tensor:
        """Return what both ways give together."""
        through = self.second_norm(self.second(F.relu(self.first_norm(self.first(images)))))
        return F.relu(through + self.around(images))


class ResNet(nn.Module):
    """Images (N, C, 32, 32) in, logits (N, num_classes) out."""

    def __init__(
        self, channels: int, mean: list[float], std: list[float], num_classes: int
    ) -> None:
        super().__init__()
        self.mean = nn.Buffer(torch.tensor(mean).view(1, -1, 1, 1))
        self.std = nn.Buffer(torch.tensor(std).view(1, -1, 1, 1))
        layers = [nn.Conv2d(channels, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
        channels = 64
        for features in (64, 128, 256, 512):
            layers += [Block(channels, features, stride=1 if features == 64 else 2)]
            layers += [Block(features, features, stride=1)]
            channels = features
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(512, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Return one raw score per class."""
        features = self.features((images - self.mean) / self.std)  # (N, 512, 4, 4)
        return self.classifier(features.mean((2, 3)))


def build_model(config: Any, info: Any) -> nn.Module:
    """Return a new network for such images."""
    model = ResNet(info.channels, info.mean, info.std, len(info.classes))
    return model.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload]


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
