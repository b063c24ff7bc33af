"""How pictures are left as files, and shown to people."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.dataset import Info
from engine.plots import cut, use_all_fonts

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
        pixels = to_pixels(picture)
        times = max(1, ENLARGED // min(pixels.shape[:2]))
        pixels = pixels.repeat(times, axis=0).repeat(times, axis=1)
        path = folder / f"{number}_is_{file_name(info.classes[int(label)])}.png"
        Image.fromarray(pixels).save(path)
        paths.append(path)
    return paths


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

    use_all_fonts()
    across = min(ACROSS, max(1, len(pictures)))
    down = -(-len(pictures) // across)  # rounded up
    figure = Figure((max(4.5, 1.6 * across), 2.1 * down + 0.5), layout="constrained")
    figure.suptitle(title)
    for number, picture in enumerate(pictures):
        true, predicted, probability = said[number]
        axes = figure.add_subplot(down, across, number + 1)
        axes.axis("off")
        axes.imshow(picture, cmap="gray", vmin=0, vmax=255)
        axes.set_title(f"{cut(true, 16)}, not\n{cut(predicted, 12)} ({probability})", fontsize=10)
    return figure
