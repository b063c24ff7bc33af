"""What one example is, and how examples become batches."""

from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from torch import Tensor
from torch.utils.data import TensorDataset

from config import Config
from sampler import split_indices


def load_splits(config: Config) -> dict[str, Any]:
    """Return `train`, `val`, `test`, and what is saved with a model: the `classes` and `inputs`."""
    images, labels, classes = load_digits()
    train, val, test = (TensorDataset(images[i], labels[i]) for i in split_indices(labels))
    pixels = train.tensors[0].double()  # statistics of the training images alone
    channels, height, width = images.shape[1:]
    mean, std = pixels.mean((0, 2, 3)).tolist(), pixels.std((0, 2, 3)).tolist()
    inputs = {"channels": channels, "height": height, "width": width, "mean": mean, "std": std}
    return {"train": train, "val": val, "test": test, "classes": classes, "inputs": inputs}


def load_digits() -> tuple[Tensor, Tensor, list[str]]:
    """Return 1797 handwritten digits: images (N, 1, 8, 8) uint8, labels (N,) int64, classes."""
    # By E. Alpaydin and C. Kaynak, 1998, CC BY 4.0: a file in scikit-learn, which loads slowly.
    path = distribution("scikit-learn").locate_file("sklearn/datasets/data/digits.csv.gz")
    table = torch.from_numpy(np.loadtxt(str(path), np.uint8, delimiter=","))  # (N, 64 + 1)
    pixels = (table[:, :-1] * (255 / 16)).round().to(torch.uint8)  # 0 to 16, now 0 to 255
    return pixels.view(-1, 1, 8, 8), table[:, -1].long(), [*"0123456789"]


def shift(images: Tensor, most: int) -> Tensor:
    """Return the images (N, C, H, W), each moved by up to `most` pixels both ways, at random."""
    count, _, height, width = images.shape
    windows = F.pad(images, [most] * 4).unfold(2, height, 1).unfold(3, width, 1)
    down, right = torch.randint(2 * most + 1, (2, count), device=images.device)
    return windows[torch.arange(count, device=images.device), :, down, right]


def read_image(path: Path, inputs: dict[str, Any]) -> Tensor:
    """Return the picture in a file (C, H, W) uint8, made to look like the training images."""
    with Image.open(path) as file:
        picture = ImageOps.exif_transpose(file).convert("L" if inputs["channels"] == 1 else "RGB")
    corners = np.asarray(picture)[[0, 0, -1, -1], [0, -1, 0, -1]].mean()
    if inputs["channels"] == 1 and inputs.get("mean", [255])[0] < 96 and corners > 160:
        picture = ImageOps.invert(picture)  # ink on paper, where training had light on dark
    size = (inputs["width"], inputs["height"])
    picture = ImageOps.pad(picture, size, Image.Resampling.BOX)  # keeps the proportions
    return torch.from_numpy(np.array(picture)).view(*size[::-1], -1).permute(2, 0, 1)


def save_examples(dataset: TensorDataset, classes: list[str], folder: Path) -> None:
    """Write a few pictures, enlarged, to try predict.py on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (image, label) in enumerate(zip(*dataset[:5], strict=True)):
        large = image.repeat_interleave(8, dim=1).repeat_interleave(8, dim=2)  # (C, 8 H, 8 W)
        picture = Image.fromarray(large.permute(1, 2, 0).squeeze(2).numpy())
        picture.save(folder / f"{number}_is_{classes[label]}.png")
