"""The network, and how it does on a batch."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config


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
        images = vary_photos(images) if config.photo else shift(images, config.max_shift)
    logits = model(images)
    losses = F.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)
    return losses, logits


def shift(images: Tensor, most: int) -> Tensor:
    """Return the images (N, C, H, W), each moved by up to `most` pixels both ways, at random."""
    count, _, height, width = images.shape
    windows = F.pad(images, [most] * 4).unfold(2, height, 1).unfold(3, width, 1)
    down, right = torch.randint(2 * most + 1, (2, count), device=images.device)
    return windows[torch.arange(count, device=images.device), :, down, right]


def vary_photos(images: Tensor) -> Tensor:
    """Return the photos (N, C, H, W), each mirrored, cropped and recoloured at random."""
    draw = torch.rand(7, len(images), 1, 1, 1, device=images.device)
    zoom, mirror = 0.7 + 0.3 * draw[0, ..., 0], 1 - 2 * draw[1, ..., 0].round()
    place = (1 - zoom) * (2 * draw[2:4, :, 0, 0, 0].T.unsqueeze(2) - 1)  # (N, 2, 1)
    axes = torch.eye(2, device=images.device) * torch.cat([mirror * zoom, zoom], dim=2)  # (N, 2, 2)
    grid = F.affine_grid(torch.cat([axes, place], dim=2), list(images.shape), align_corners=False)
    photos = F.grid_sample(images.float(), grid, padding_mode="border", align_corners=False)
    for strength, middle in zip(0.7 + 0.6 * draw[4:], ((1,), (1, 2, 3), ()), strict=True):
        base = photos.mean(middle, keepdim=True) if middle else 0  # grey, its mean, black:
        photos = base + strength * (photos - base)  # so colour, contrast, brightness change
    return photos.clamp(0, 255)
