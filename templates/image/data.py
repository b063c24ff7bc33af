"""What one example is, and how examples become batches."""

from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import TensorDataset

from commands.settings import UserError
from config import Config
from loading.pictures import list_pictures, load_folder, read_picture
from loading.splits import fingerprint, split_indices


class Images(TensorDataset):
    """Some rows of all the images (N, C, H, W) uint8, with their labels (N,)."""

    def __init__(self, images: Tensor, labels: Tensor, rows: Tensor) -> None:
        super().__init__(rows, labels[rows])
        self.images = images  # where they are in a file, only what a batch needs is read

    def __getitem__(self, index: Tensor) -> tuple[Tensor, ...]:
        rows, labels = super().__getitem__(index)
        return self.images.index_select(0, rows), labels


def load_splits(config: Config) -> dict[str, Any]:
    """Return `train`, `val`, `test`, and what is saved with a model: the `classes` and `inputs`."""
    if config.data is None:
        images, labels, classes = load_digits()
        parts, notes, files = split_indices(labels), [], "digits"
    else:
        own = load_folder(Path(config.data), config.image_size, config.skip_bad)
        images, labels, classes, parts, notes, files = own
    train, val, test = (Images(images, labels, part) for part in parts)
    few = parts[0][:: 1 + len(train) * images[0].numel() // 20_000_000]
    pixels, (channels, height, width) = images[few].double(), images.shape[1:]
    mean, std = pixels.mean((0, 2, 3)).tolist(), pixels.std((0, 2, 3)).clamp(min=1).tolist()
    inputs = {"channels": channels, "height": height, "width": width, "mean": mean, "std": std}
    splits = {"train": train, "val": val, "test": test, "notes": notes}
    return {**splits, "classes": classes, "inputs": inputs, "fingerprint": fingerprint(files)}


def load_digits() -> tuple[Tensor, Tensor, list[str]]:
    """Return 1797 handwritten digits: images (N, 1, 8, 8) uint8, labels (N,) int64, classes."""
    # By E. Alpaydin and C. Kaynak, 1998, CC BY 4.0: a file in scikit-learn, which loads slowly.
    path = distribution("scikit-learn").locate_file("sklearn/datasets/data/digits.csv.gz")
    table = torch.from_numpy(np.loadtxt(str(path), np.uint8, delimiter=","))  # (N, 64 + 1)
    pixels = (table[:, :-1] * (255 / 16)).round().to(torch.uint8)  # 0 to 16, now 0 to 255
    return pixels.view(-1, 1, 8, 8), table[:, -1].long(), [*"0123456789"]


def read_inputs(names: tuple[str, ...], state: dict[str, Any]) -> tuple[Any, ...]:
    """Return the pictures in files and folders: their names, a table of these, and a batch."""
    inputs = state["inputs"]
    paths = [path for name in names for path in list_pictures(Path(name))]
    if not paths:
        raise UserError(f"no picture in {', '.join(names)}")
    shape = [inputs[side] for side in ("channels", "height", "width")]
    paper = inputs["channels"] == 1 and inputs["mean"][0] < 96  # training had light on dark
    images = torch.stack([torch.from_numpy(read_picture(path, *shape, paper)) for path in paths])
    return paths, {"picture": paths}, [images]


def save_examples(dataset: Images, state: dict[str, Any], folder: Path) -> None:
    """Write a few pictures, enlarged, to try predict.py on."""
    some = torch.linspace(0, len(dataset) - 1, min(5, len(dataset))).long()
    pictures = show_examples(dataset, some, state)
    for number, (picture, label) in enumerate(zip(pictures, dataset[some][1], strict=True)):
        large = picture.repeat(8, axis=0).repeat(8, axis=1)
        Image.fromarray(large).save(folder / f"{number}_is_{state['classes'][label]}.png")


def show_examples(dataset: Images, rows: Tensor, _: dict[str, Any]) -> list[np.ndarray]:
    """Return the pictures of some examples, (H, W, 3) or (H, W) uint8 each."""
    return [image.permute(1, 2, 0).squeeze(2).numpy() for image in dataset[rows][0]]
