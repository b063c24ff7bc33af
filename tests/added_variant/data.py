"""What one example is, and how examples become batches."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import TensorDataset

from config import Config
from loading.splits import fingerprint, split_indices


def load_splits(config: Config) -> dict[str, Any]:
    """Return `train`, `val`, `test`, and what is saved with a model: the `classes` and `inputs`."""
    points = torch.rand(500, 2, generator=torch.Generator().manual_seed(0))  # (N, 2)
    labels = (points.sum(dim=1) > 1).long()  # (N,)
    parts = [TensorDataset(points[part], labels[part]) for part in split_indices(labels)]
    splits = dict(zip(("train", "val", "test"), parts, strict=True))
    mark = fingerprint(points.tolist())
    return {**splits, "classes": ["below", "above"], "inputs": {}, "notes": [], "fingerprint": mark}


def read_inputs(names: tuple[str, ...], state: dict[str, Any]) -> tuple[Any, ...]:
    """Return the points in text files: what to call them, a table of these, and a batch."""
    lines = [line for name in names for line in Path(name).read_text("utf-8").splitlines()]
    return lines, {"point": lines}, [torch.tensor([[*map(float, one.split())] for one in lines])]


def save_examples(dataset: TensorDataset, state: dict[str, Any], folder: Path) -> None:
    """Write a few points, to try predict.py on."""
    lines = "".join(f"{x:.3f} {y:.3f}\n" for x, y in dataset.tensors[0][:5].tolist())
    (folder / "points.txt").write_text(lines, encoding="utf-8")


def show_examples(dataset: TensorDataset, rows: Tensor, _: dict[str, Any]) -> dict[str, list[str]]:
    """Return some examples as a table: the points."""
    return {"point": [f"{x:.3f} {y:.3f}" for x, y in dataset.tensors[0][rows].tolist()]}
