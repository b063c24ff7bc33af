"""Why a model says so of a picture: squares of it are hidden, one after the other (occlusion).

Where the model is less sure without a square, the square has spoken for the answer. That says what
the model looks at, not what makes a thing what it is: arxiv.org/abs/1311.2901
"""

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from config import Config
from data import Info, read_inputs
from engine.checkpoint import LoadedModel
from engine.dataset import Inputs
from tools.explained import SECONDS, ask, effect_in_words, how_many, worth_of_parts
from tools.texts import WHY

# How pictures are cut into squares: how many fit into a side, and how many begin along it. The
# first plan is the finest; a model that is too slow for it gets the next one, or the last.
PLANS = [[(8, 15), (4, 7)], [(4, 7)], [(4, 4)], [(3, 3)]]
SHOWN = 240  # pixels of the longer side of a picture that is shown, at least
HOT = (255, 106, 0)  # where all the heat is: orange, which grey pictures do not have


class Heat(NamedTuple):
    """What each pixel is worth to an answer."""

    worth: Tensor  # (H, W), 0 or more: the mean over the squares that hide it
    words: str  # HTML: what becomes of the answer without the square that is worth most


class Square(NamedTuple):
    """A part of a picture, in pixels."""

    top: int
    left: int
    height: int
    width: int


def explain(loaded: LoadedModel[Config, Info], path: Path, seconds: float = SECONDS) -> str:
    """Return why the model answers so to a picture, as a piece of a page.

    Args:
        loaded: The model.
        path: A file for predict.py.
        seconds: About as long may it take.
    """
    inputs = read_inputs((str(path),), loaded.info)
    picture = torch.as_tensor(inputs.examples[0]).float()
    heat = heat_of(loaded.model, picture, loaded.info.classes, seconds)
    file = BytesIO()
    Image.fromarray(paint(picture, heat.worth)).save(file, format="PNG")
    source = f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"
    return f'<div class="why"><img alt="{WHY["heat_alt"]}" src="{source}"><p>{heat.words}</p></div>'


def heat_of(
    model: nn.Module, picture: Tensor, classes: list[str], seconds: float = SECONDS
) -> Heat:
    """Return what each pixel of a picture is worth to the model's answer.

    Args:
        model: In evaluation mode.
        picture: (C, H, W), as the model takes it.
        classes: The names of the classes; empty where numbers are predicted.
        seconds: About as long may it take: a slow model hides fewer and larger squares.
    """
    most = how_many(model, as_inputs([picture]), seconds)
    plan = PLANS[-1]
    for finer in reversed(PLANS):
        if sum(count**2 for _, count in finer) <= most:
            plan = finer
    grids = [squares(picture.shape[1], picture.shape[2], fit, count) for fit, count in plan]
    hidden = [picture]
    for grid in grids:
        hidden += [hide(picture, square) for square in grid]
    outputs = ask(model, as_inputs(hidden))
    worth = worth_of_parts(outputs)
    total = torch.zeros(picture.shape[1:])
    done = 0
    for grid in grids:
        of_grid = worth[done : done + len(grid)].tolist()
        total += mean_of_squares(of_grid, grid, total) / len(grids)
        done += len(grid)
    if not total.any():
        return Heat(total, WHY["no_heat"])
    strongest = int(worth.argmax())
    effect = effect_in_words(outputs, strongest, classes)
    return Heat(total, WHY["heat"].format(effect=effect))


def as_inputs(pictures: list[Tensor]) -> Inputs:
    """Return pictures as a model is asked about them."""
    return Inputs([""] * len(pictures), {}, pictures)


def squares(height: int, width: int, fit: int, count: int) -> list[Square]:
    """Return squares that cover a picture; of a picture that is no square, rectangles like it.

    Args:
        height: Of the picture, in pixels.
        width: As well.
        fit: How many fit into a side.
        count: How many begin along a side, where there are so many pixels.
    """
    tall = -(-height // fit)  # rounded up
    wide = -(-width // fit)
    tops = torch.linspace(0, height - tall, count).round().int().unique().tolist()
    lefts = torch.linspace(0, width - wide, count).round().int().unique().tolist()
    return [Square(top, left, tall, wide) for top in tops for left in lefts]


def hide(picture: Tensor, square: Square) -> Tensor:
    """Return a picture (C, H, W) in which a square has the picture's middle colour (its median).

    Of ink on paper that is the paper.
    """
    top, left, height, width = square
    middle = picture.flatten(1).median(dim=1).values  # (C,)
    hidden = picture.clone()
    hidden[:, top : top + height, left : left + width] = middle[:, None, None]
    return hidden


def mean_of_squares(worth: list[float], grid: list[Square], like: Tensor) -> Tensor:
    """Return for each pixel the mean worth of the squares that hide it: (H, W), as `like`."""
    total = torch.zeros_like(like)
    times = torch.zeros_like(like)
    for value, (top, left, height, width) in zip(worth, grid, strict=True):
        total[top : top + height, left : left + width] += value
        times[top : top + height, left : left + width] += 1
    return total / times.clamp(min=1)


def paint(picture: Tensor, worth: Tensor) -> np.ndarray:
    """Return a picture in grey with its heat in orange: (H, W, 3) uint8, enlarged if it is small.

    Args:
        picture: (C, H, W) in 0..1.
        worth: (H, W), 0 or more.
    """
    grey = picture.mean(dim=0).clamp(0, 1).unsqueeze(2) * 255  # (H, W, 1)
    share = (worth / worth.max().clamp(min=1e-9)).unsqueeze(2)  # (H, W, 1)
    strength = 0.75 * share
    pixels = (1 - strength) * grey + strength * torch.tensor(HOT)
    times = max(1, SHOWN // max(picture.shape[1:]))
    painted: Any = pixels.round().byte().numpy()
    return painted.repeat(times, axis=0).repeat(times, axis=1)
