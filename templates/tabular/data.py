"""What one example is, and how examples become batches."""

import csv
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import TensorDataset

from commands.settings import UserError
from config import Config
from loading.columns import decode, encode, is_missing, learn_columns, read_answers
from loading.splits import fingerprint, split_indices
from loading.table import read_table, take_column


def load_splits(config: Config) -> dict[str, Any]:
    """Return `train`, `val`, `test`, and what is saved with a model: the `classes` and `inputs`."""
    columns = load_cancer() if config.data is None else read_table(Path(config.data))
    if config.data is not None and config.target is None:
        raise UserError(f"--target, the column to predict, is missing: one of {', '.join(columns)}")
    target = config.target or "diagnosis"
    for name in config.drop:
        take_column(columns, name, "--drop")
    answers = take_column(columns, target, "--target")
    known = [row for row, answer in enumerate(answers) if not is_missing(answer)]
    columns = {name: [column[row] for row in known] for name, column in columns.items()}
    labels, classes = read_answers([answers[row] for row in known], target, config.regression)
    parts = split_indices(labels)
    inputs, notes = learn_columns(columns, parts[0].tolist())
    if not classes:
        inputs["scale"] = [labels[parts[0]].mean().item(), labels[parts[0]].std().item() or 1.0]
    if len(known) < len(answers):
        notes.append(f"left out: {len(answers) - len(known)} rows without {target!r}")
    tensors = (*encode(columns, inputs), labels)
    train, val, test = (TensorDataset(*(tensor[part] for tensor in tensors)) for part in parts)
    splits = {"train": train, "val": val, "test": test, "notes": notes}
    mark = fingerprint(columns, labels.tolist())
    return {**splits, "classes": classes, "inputs": inputs, "fingerprint": mark}


def load_cancer() -> dict[str, list[str]]:
    """Return 569 examinations of breast tumours: 30 columns of measures, and the diagnosis."""
    # By W. Wolberg, W. Street and O. Mangasarian, 1995, CC BY 4.0: a file in scikit-learn.
    path = distribution("scikit-learn").locate_file("sklearn/datasets/data/breast_cancer.csv")
    with Path(str(path)).open(encoding="utf-8", newline="") as file:
        (_, _, *classes), *rows = csv.reader(file)
    cells = "radius texture perimeter area smoothness compactness concavity concave_points"
    names = [f"{kind}_{name}" for kind in ("mean", "error", "worst")
             for name in f"{cells} symmetry fractal_dimension".split()]  # fmt: skip
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=False))
    return columns | {"diagnosis": [classes[int(row[-1])] for row in rows]}


def read_inputs(names: tuple[str, ...], state: dict[str, Any]) -> tuple[Any, ...]:
    """Return the rows of a CSV file: what to call them, the columns, and a batch."""
    if len(names) > 1:
        raise UserError(f"one CSV file at a time, not {len(names)}")
    columns = read_table(Path(names[0]))
    wanted = [*state["inputs"]["numbers"], *state["inputs"]["categories"]]
    if missing := [name for name in wanted if name not in columns]:
        raise UserError(f"{names[0]} lacks the columns {', '.join(missing)}")
    batch = encode(columns, state["inputs"])
    return [f"row {row + 1}" for row in range(len(batch[0]))], columns, batch


def save_examples(dataset: TensorDataset, state: dict[str, Any], folder: Path) -> None:
    """Write a few rows, without what is to be predicted, to try predict.py on."""
    some = torch.linspace(0, len(dataset) - 1, min(5, len(dataset))).long()
    columns = decode(*dataset[some][:-1], state["inputs"])
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *zip(*columns.values(), strict=True)])


def show_examples(dataset: Any, rows: Tensor, state: dict[str, Any]) -> dict[str, list[str]]:
    """Return some examples as a table: all columns, or the 4 that are the least average there."""
    (numbers, categories, _), inputs = dataset[rows], state["inputs"]
    columns = decode(numbers, categories, inputs)
    mean, std, _ = torch.tensor([*inputs["numbers"].values()]).view(-1, 3).T  # (F,) each
    odd = ((numbers - mean) / std).abs().nan_to_num().mean(dim=0).tolist()
    unlike = dict(zip(inputs["numbers"], odd, strict=True))
    kept = sorted(columns, key=lambda name: -unlike.get(name, 0))[: 4 if len(columns) > 6 else 6]
    return {name: cells for name, cells in columns.items() if name in kept}
