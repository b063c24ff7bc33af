"""What one example is, and how examples become batches."""

import importlib.util
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
from settings import UserError


def load_splits(config: Config) -> dict[str, Any]:
    """Return the sets `train`, `val` and `test`, the names of the `classes`, and the `inputs`:

    how every image looks, in plain values, since they are saved with the model. Indexed with a
    tensor of indices, a TensorDataset answers with the whole batch.
    """
    images, labels = load_digits()
    train, val, test = (TensorDataset(images[i], labels[i]) for i in split_indices(labels))
    pixels = train.tensors[0].double()  # statistics of the training images alone
    inputs = dict(zip(("channels", "height", "width"), images.shape[1:], strict=True))
    inputs |= {"mean": pixels.mean((0, 2, 3)).tolist(), "std": pixels.std((0, 2, 3)).tolist()}
    classes = list("0123456789")
    return {"train": train, "val": val, "test": test, "classes": classes, "inputs": inputs}


def load_digits() -> tuple[Tensor, Tensor]:
    """Return 1797 handwritten digits: images (N, 1, 8, 8) uint8 and labels (N,) int64.

    By E. Alpaydin and C. Kaynak, 1998 (UCI repository, CC BY 4.0), from a file in scikit-learn.
    """
    package = importlib.util.find_spec("sklearn")  # importing it would take a second
    if package is None or package.origin is None:
        raise UserError("the digits are a part of scikit-learn: pip install scikit-learn")
    path = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
    table = torch.from_numpy(np.loadtxt(path, np.uint8, delimiter=","))  # (N, 64 + 1)
    pixels = (table[:, :-1] * (255 / 16)).round().to(torch.uint8)  # 0 to 16, now 0 to 255
    return pixels.view(-1, 1, 8, 8), table[:, -1].long()


def shift(images: Tensor, most: int) -> Tensor:
    """Return the images (N, C, H, W), each moved by up to `most` pixels both ways, at random."""
    count, _, height, width = images.shape
    padded = F.pad(images, (most, most, most, most))
    windows = padded.unfold(2, height, 1).unfold(3, width, 1)  # (N, C, shifts, shifts, H, W)
    down, right = torch.randint(2 * most + 1, (2, count), device=images.device)
    return windows[torch.arange(count, device=images.device), :, down, right]


def read_image(path: Path, inputs: dict[str, Any]) -> Tensor:
    """Return the picture in a file (C, H, W) uint8, made to look like the training images."""
    try:
        with Image.open(path) as file:
            picture = ImageOps.exif_transpose(file)
            picture = picture.convert("L" if inputs["channels"] == 1 else "RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise UserError(f"{path} is not a picture that can be read: {error}") from error
    corners = np.asarray(picture)[[0, 0, -1, -1], [0, -1, 0, -1]].mean()
    if inputs["channels"] == 1 and inputs["mean"][0] < 96 and corners > 160:
        picture = ImageOps.invert(picture)  # ink on paper, where training had light on dark
    size = (inputs["width"], inputs["height"])
    picture = ImageOps.pad(picture, size, Image.Resampling.BOX)  # keeps the proportions
    return torch.from_numpy(np.array(picture)).view(*size[::-1], -1).permute(2, 0, 1)


def save_examples(dataset: TensorDataset, classes: list[str], folder: Path) -> list[Path]:
    """Write a few pictures, enlarged, to try predict.py on, and return their paths."""
    folder.mkdir(exist_ok=True)
    paths = [
        folder / f"{i}_is_{classes[label]}.png" for i, label in enumerate(dataset.tensors[1][:5])
    ]
    for path, image in zip(paths, dataset.tensors[0], strict=False):
        large = image.repeat_interleave(8, dim=1).repeat_interleave(8, dim=2)  # (C, 8 H, 8 W)
        Image.fromarray(large.permute(1, 2, 0).squeeze(2).numpy()).save(path)
    return paths
