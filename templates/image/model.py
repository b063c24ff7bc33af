"""The network, its loss and its metrics.

What the other files expect of this one:

- `build_model(config, info)` returns a new network: pictures (N, C, H, W) float32 in 0..1 in,
  logits (N, K) out, one for each of the K classes. A network from a tutorial can be put here: it
  gets the pictures that it expects. This one also normalises them, by mean and std. It loads no
  weights: a part that is called `backbone` and has a method `load_pretrained` gets those that it
  has learned when a training begins.
- `compute_loss(model, batch, config)` returns the loss of each example (N,), and the logits. It is
  used in training and in evaluation: `model.training` tells which.
- `metrics(info)` lists the functions that say how good the outputs are.

To freeze a layer, call its `requires_grad_(False)` in `build_model`. Then its weights are not
trained, and the statistics of a normalisation layer stay as they are.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config
from data import Info
from engine.backbone import Backbone
from engine.dataset import Batch
from engine.metrics import Metric, accuracy, balanced_accuracy, macro_f1


class ConvNet(nn.Module):
    """Convolutions, each with a pooling that halves the picture, then a linear layer.

    There are three of them, and one more for each time that the picture is twice as large as 64
    pixels; fewer where a side would have 1 pixel left. With more of them, a training on a few
    hundred photos did not settle at the default learning rate.

    Args:
        channels: Of a picture: 1 for grey, 3 for colour.
        height: Of a picture, in pixels.
        width: Of a picture, in pixels.
        first_channels: Channels after the first convolution; each next has twice those before it.
        num_classes: How many logits come out.
        mean: Of each channel, over the training pictures.
        std: The standard deviation of each channel.
    """

    def __init__(
        self,
        channels: int,
        height: int,
        width: int,
        first_channels: int,
        num_classes: int,
        mean: list[float],
        std: list[float],
    ) -> None:
        super().__init__()
        # Buffers are saved with the weights, but not trained.
        self.mean = nn.Buffer(torch.tensor(mean).view(1, -1, 1, 1))  # (1, C, 1, 1)
        self.std = nn.Buffer(torch.tensor(std).view(1, -1, 1, 1))
        layers: list[nn.Module] = []
        new_channels = first_channels
        blocks = 0
        while min(height, width) >= 4 and (blocks < 3 or min(height, width) >= 16):
            layers.append(nn.Conv2d(channels, new_channels, kernel_size=3, padding=1, bias=False))
            layers.append(nn.BatchNorm2d(new_channels))
            layers.append(nn.ReLU())
            layers.append(nn.MaxPool2d(2))
            height = height // 2
            width = width // 2
            channels = new_channels
            new_channels = 2 * new_channels
            blocks += 1
        numbers = channels * height * width  # of a picture, after all layers
        if max(height, width) >= 4:  # a photo: what is in it counts, not where
            layers.append(MeanAndHighest())
            numbers = 2 * channels
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(numbers, num_classes)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return a raw score ("logit") for each class.

        Args:
            pictures: (N, C, H, W) float32 in 0..1.
        """
        normalised = (pictures - self.mean) / self.std
        features = self.features(normalised)  # (N, channels, height, width), or (N, 2 * channels)
        return self.classifier(features.flatten(1))  # (N, num_classes)


class MeanAndHighest(nn.Module):
    """For each channel, its mean over the picture, and its highest value.

    The mean says how much of the picture is what a channel looks for. The highest value says
    whether it is anywhere at all, and be it in one small place.
    """

    def forward(self, maps: Tensor) -> Tensor:
        """Return all means, then all highest values: (N, 2 * C).

        Args:
            maps: (N, C, H, W).
        """
        return torch.cat([maps.mean(dim=(2, 3)), maps.amax(dim=(2, 3))], dim=1)


class FineTuned(nn.Module):
    """A network that has learned from other pictures already, and a new layer behind it.

    First the new layer alone learns, while the backbone is frozen (--frozen-epochs); then both do,
    the backbone with small steps (--backbone-lr):
    docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html

    Args:
        name: Of the backbone, as timm knows it.
        num_classes: How many logits come out.
    """

    def __init__(self, name: str, num_classes: int) -> None:
        super().__init__()
        self.backbone = Backbone(name)  # it also normalises the pictures, as it has learned them
        self.classifier = nn.Linear(self.backbone.num_features, num_classes)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return a raw score ("logit") for each class.

        Args:
            pictures: (N, C, H, W) float32 in 0..1.
        """
        features = self.backbone(pictures)  # (N, num_features): what is in a picture
        logits = self.classifier(features)  # (N, num_classes)
        return logits


def build_model(config: Config, info: Info) -> nn.Module:
    """Return a new network for such pictures.

    Args:
        config: The settings.
        info: What is known of the data: classes, channels, height, width, mean, std.
    """
    if config.backbone is not None:
        model: nn.Module = FineTuned(config.backbone, len(info.classes))
    else:
        model = ConvNet(
            channels=info.channels,
            height=info.height,
            width=info.width,
            first_channels=config.width,
            num_classes=len(info.classes),
            mean=info.mean,
            std=info.std,
        )
    # Convolutions are faster where the channels of a pixel are neighbours in memory. No shape
    # changes: docs.pytorch.org/tutorials/intermediate/memory_format_tutorial.html
    model.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload]
    return model


def compute_loss(model: nn.Module, batch: Batch, config: Config) -> tuple[Tensor, Tensor]:
    """Return the loss of each example (N,), and the logits (N, K).

    Args:
        model: From build_model; `model.training` is True in training alone.
        batch: Pictures (N, C, H, W) float32 in 0..1, and the numbers of their classes (N,) int64.
        config: The settings.
    """
    pictures, labels = batch
    label_smoothing = 0.0
    if model.training:
        pictures = augment(pictures, config)
        label_smoothing = config.label_smoothing
    logits = model(pictures)
    # reduction="none" gives the loss of each example: train.py takes their mean. With
    # --class-weights it multiplies them first, in training alone: no weights are needed here.
    losses = F.cross_entropy(logits, labels, label_smoothing=label_smoothing, reduction="none")
    return losses, logits


def metrics(info: Info) -> list[Metric]:
    """Return the metrics. Each is a function of all logits (N, K) and labels (N,), on the CPU.

    Write a function and add it to the list. By the name of the function it appears in the line of
    an epoch, in metrics.csv (as val_NAME), in the plots and in eval.json, and --best-by takes it.
    Higher is better, unless the name ends in loss, error, mae or mse.
    """
    return [accuracy, macro_f1, balanced_accuracy]


# Augmentation: in each epoch every picture looks a little different, and is still the same thing.
# Below, each function takes pictures (N, C, H, W) in 0..1 and returns such pictures.


def augment(pictures: Tensor, config: Config) -> Tensor:
    """Return the pictures, each varied at random."""
    if not config.photo:
        return shift(pictures, config.max_shift)
    pictures = mirror(pictures)
    pictures = crop(pictures, least=0.7)
    # Only a little: with 0.3, a few hundred photos that differ by their colours were confused.
    pictures = change_colour(pictures, most=0.1)
    pictures = change_contrast(pictures, most=0.1)
    pictures = change_brightness(pictures, most=0.1)
    return pictures.clamp(0, 1)


def random_factors(pictures: Tensor, lowest: float, highest: float) -> Tensor:
    """Return a random number for each picture, to multiply it with: (N, 1, 1, 1)."""
    numbers = torch.rand(len(pictures), 1, 1, 1, device=pictures.device)
    return lowest + (highest - lowest) * numbers


def shift(pictures: Tensor, most: int) -> Tensor:
    """Move each picture by up to `most` pixels up or down, and left or right."""
    if most == 0:
        return pictures
    count, _, height, width = pictures.shape
    padded = F.pad(pictures, [most, most, most, most])
    # All windows of the old size in the larger picture: (N, C, 2 * most + 1, 2 * most + 1, H, W).
    windows = padded.unfold(dimension=2, size=height, step=1)
    windows = windows.unfold(dimension=3, size=width, step=1)
    down = torch.randint(2 * most + 1, (count,), device=pictures.device)
    right = torch.randint(2 * most + 1, (count,), device=pictures.device)
    # Picture number i takes the window that begins at row down[i] and column right[i].
    numbers = torch.arange(count, device=pictures.device)
    return windows[numbers, :, down, right]  # (N, C, H, W)


def mirror(pictures: Tensor) -> Tensor:
    """Exchange left and right in half of the pictures."""
    chosen = random_factors(pictures, 0, 1) < 0.5
    return torch.where(chosen, pictures.flip(3), pictures)


def crop(pictures: Tensor, least: float) -> Tensor:
    """Cut out a piece of each picture, and enlarge it to the old size.

    Args:
        pictures: (N, C, H, W).
        least: A piece is at least so wide, as a share of the picture.
    """
    count = len(pictures)
    side = least + (1 - least) * torch.rand(count, device=pictures.device)  # (N,)
    # Coordinates go from -1 to 1. A piece may lie as far from the middle as it fits.
    right = (1 - side) * (2 * torch.rand(count, device=pictures.device) - 1)
    down = (1 - side) * (2 * torch.rand(count, device=pictures.device) - 1)
    # A point (x, y) of the new picture is found at (side * x + right, side * y + down) of the old
    # one. affine_grid wants these numbers as a matrix of two rows for each picture.
    zero = torch.zeros_like(side)
    row_of_x = torch.stack([side, zero, right], dim=1)  # (N, 3)
    row_of_y = torch.stack([zero, side, down], dim=1)
    matrices = torch.stack([row_of_x, row_of_y], dim=1)  # (N, 2, 3)
    grid = F.affine_grid(matrices, list(pictures.shape), align_corners=False)  # (N, H, W, 2)
    return F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)


def change_colour(pictures: Tensor, most: float) -> Tensor:
    """Make colours stronger or weaker: move each pixel away from its grey, or towards it."""
    grey = pictures.mean(dim=1, keepdim=True)  # (N, 1, H, W)
    return grey + random_factors(pictures, 1 - most, 1 + most) * (pictures - grey)


def change_contrast(pictures: Tensor, most: float) -> Tensor:
    """Move each pixel away from the mean of its picture, or towards it."""
    mean = pictures.mean(dim=(1, 2, 3), keepdim=True)  # (N, 1, 1, 1)
    return mean + random_factors(pictures, 1 - most, 1 + most) * (pictures - mean)


def change_brightness(pictures: Tensor, most: float) -> Tensor:
    """Make pictures lighter or darker."""
    return random_factors(pictures, 1 - most, 1 + most) * pictures
