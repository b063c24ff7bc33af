"""What one example is, and where the examples come from: points on both sides of a line."""

from pathlib import Path

import torch
from torch import Tensor

from config import Config
from engine.dataset import Data, Info, InMemory, Inputs
from engine.settings import UserError
from engine.splits import fingerprint, split_indices


def load_data(config: Config) -> Data:
    """Return 500 points: an input is a point (2,), its label says whether it is above the line."""
    points = torch.rand(500, 2, generator=torch.Generator().manual_seed(0))  # (N, 2)
    labels = (points.sum(dim=1) > 1).long()  # (N,)
    split = split_indices(labels)
    return Data(
        train=InMemory(points[split.train], labels[split.train]),
        val=InMemory(points[split.val], labels[split.val]),
        test=InMemory(points[split.test], labels[split.test]),
        info=Info(classes=["below", "above"]),
        fingerprint=fingerprint(points.tolist()),
    )


def read_input(line: str) -> Tensor:
    """Return the point (2,) that a line of text holds: two numbers with a space between them."""
    try:
        x, y = line.split()
        return torch.tensor([float(x), float(y)])
    except ValueError as error:
        raise UserError(f"{line!r} is no point: write two numbers") from error


def read_inputs(words: tuple[str, ...], info: Info) -> Inputs:
    """Return the points in text files, one in each line."""
    lines = []
    for word in words:
        lines += Path(word).read_text(encoding="utf-8").splitlines()
    points = [read_input(line) for line in lines]
    return Inputs(names=lines, columns={"point": lines}, examples=points)
