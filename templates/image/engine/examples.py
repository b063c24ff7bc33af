"""How pictures are left as files, and shown to people."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.dataset import Info
from engine.plots import cut, take_dollars_as_they_are
from engine.whole_files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENLARGED = 64  # smaller pictures are saved larger, so that people see something
ACROSS = 6  # pictures in a row


def to_pixels(picture: Tensor | np.ndarray) -> np.ndarray:
    """Return a picture (C, H, W) in 0..1 as pixels (H, W, 3) or (H, W), uint8."""
    values = torch.as_tensor(picture) * 255
    pixels = values.round().clamp(0, 255).byte().permute(1, 2, 0).numpy()
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels


def save_examples(dataset: Any, indices: list[int], info: Info, folder: Path) -> list[Path]:
    """Write some pictures, to try predict.py on; return their files, in the same order."""
    paths = []
    for number, index in enumerate(indices):
        picture, label = dataset[index]
        pixels = to_deep_pixels(picture, getattr(info, "ranges", {}))
        times = max(1, ENLARGED // min(pixels.shape[:2]))
        pixels = pixels.repeat(times, axis=0).repeat(times, axis=1)
        suffix = "tif" if pixels.dtype == np.float32 else "png"  # a PNG holds whole numbers
        path = folder / f"{number}_is_{file_name(info.classes[int(label)])}.{suffix}"
        save = partial(Image.fromarray(pixels).save, format="TIFF" if suffix == "tif" else "PNG")
        write_whole(path, save)
        paths.append(path)
    return paths


def to_deep_pixels(picture: Tensor | np.ndarray, ranges: dict[str, list[float]]) -> np.ndarray:
    """Return a picture as pixels that have as many values as the files of the training.

    Args:
        picture: (C, H, W) in 0..1.
        ranges: Which values became 0 and 1 in pictures of more than 8 bits.
    """
    pixels = to_pixels(picture)
    if pixels.ndim == 3:  # Pillow writes colours with 8 bits alone
        return pixels
    values = np.asarray(picture)[0].astype(np.float64)
    if "floating point" in ranges:
        black, white = ranges["floating point"]
        return (black + (white - black) * values).astype(np.float32)
    if "16 bits" in ranges and ranges["16 bits"][0] >= 0:
        black, white = ranges["16 bits"]
        return (black + (white - black) * values).round().astype(np.uint16)
    return pixels


def file_name(text: str) -> str:
    """Return a text as a part of a file's name that is legal on every system."""
    return "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in text)


def show_examples(dataset: Any, indices: list[int], info: Info) -> list[np.ndarray]:
    """Return some pictures as pixels (H, W, 3) or (H, W), uint8 each."""
    return [to_pixels(dataset[index][0]) for index in indices]


def draw_examples(
    pictures: list[np.ndarray], names: list[str], said: list[list[str]], title: str
) -> "Figure":
    """Return one picture of all pictures, above each what it is, and what it was taken for.

    Args:
        pictures: From show_examples.
        names: What stands in each column of `said`.
        said: For each picture the true class, the predicted one, and its probability.
        title: Stands above all.
    """
    from matplotlib.figure import Figure

    take_dollars_as_they_are()
    across = min(ACROSS, max(1, len(pictures)))
    down = -(-len(pictures) // across)  # rounded up
    figure = Figure((max(4.5, 1.6 * across), 2.1 * down + 0.5), layout="constrained")
    figure.suptitle(title)
    for number, picture in enumerate(pictures):
        true, predicted, probability = said[number]
        axes = figure.add_subplot(down, across, number + 1)
        axes.axis("off")
        axes.imshow(picture, cmap="gray", vmin=0, vmax=255)
        said_of_it = f"{cut(true, 16)}, not\n{cut(predicted, 12)} ({probability})"
        # With its place given, Matplotlib need not look for ticks in its way: a third of the time.
        axes.set_title(said_of_it, fontsize=10, y=1)
    return figure
