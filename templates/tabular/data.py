"""What one example is, and where the examples come from.

What the other files expect of this one:

- `load_data(config)` returns the three parts of the data as a `Data`. A part is any Dataset with
  `__len__` and `__getitem__(index)`, which returns one example: (input, label). An input has two
  parts here, a tuple: numbers (F,) float32, scaled, NaN where one is missing, and categories (C,)
  int64. The model gets them as two arguments. A label is the number of a class, or a number to
  predict.
- `Info` holds what a model must know of the data beside its weights, such as the names of the
  columns.
- `read_input` makes such inputs out of the rows of a table. Training, predict.py and the demo all
  use it, so they see the same.
- `read_inputs` reads what predict.py was given.

Write a Dataset of your own as in the official tutorial, and return it from `load_data`:
docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html
Its three parts must be the same each time: give random_split a generator with a seed.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import engine.dataset
from config import Config
from engine.columns import EncodedRows, NumberColumn, encode
from engine.dataset import Data, InMemory, Inputs
from engine.scaling import learn_target_scale
from engine.settings import UserError
from engine.table import Column, encoding_unless_utf_8, read_table
from engine.table_cache import read_cached
from engine.table_rows import understand_rows

MEASURES = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
]


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    """What a model must know of the table: `classes`, and these."""

    numbers: dict[str, NumberColumn]  # of each number where it is read, how it is scaled and more
    categories: dict[str, list[str]]  # of each column of words the words in training
    encoding: str | None = None  # of the file in training, if it was named
    target_mean: float = 0.0  # where there are no classes: of the numbers to predict in training
    target_std: float = 1.0  # their standard deviation
    target_is_log: bool = False  # whether both are of the logarithm, which is then learned


def load_data(config: Config) -> Data[Info]:
    """Return the rows to train with, to validate with and to test with.

    Args:
        config: `data` is a table, `target` its column to predict; without one it is breast cancer.
    """
    if config.data is None:
        table = load_cancer()
        target = config.target or "diagnosis"
    else:
        table = read_cached(Path(config.data), config.encoding)
        if config.target is None:
            columns = ", ".join(table)
            raise UserError(f"--target, the column to predict, is missing: one of {columns}")
        target = config.target
    # What each column holds, which rows are used and what they predict, and which of them train.
    rows = understand_rows(table, target, config)

    info = Info(
        classes=rows.classes,
        numbers=rows.learned.numbers,
        categories=rows.learned.categories,
        encoding=config.encoding,
    )
    if not info.classes:
        scale = learn_target_scale(rows.labels[rows.split.train])
        info.target_mean = scale.mean
        info.target_std = scale.std
        info.target_is_log = scale.is_log
    notes = rows.notes
    if info.target_is_log:
        notes.append(f"{target} is spread over orders of magnitude: its logarithm is learned")

    inputs = read_input(rows.table, info)
    examples = InMemory((inputs.numbers, inputs.categories), rows.labels)
    return Data(
        train=examples.part(rows.split.train),
        val=examples.part(rows.split.val),
        test=examples.part(rows.split.test),
        info=info,
        notes=notes,
        fingerprint=rows.fingerprint,
    )


def load_cancer() -> dict[str, Column]:
    """Return 569 examinations of breast tumours: 30 columns of measures, and the diagnosis."""
    # By W. Wolberg, W. Street and O. Mangasarian, 1995, CC BY 4.0. It comes with scikit-learn.
    path = distribution("scikit-learn").locate_file("sklearn/datasets/data/breast_cancer.csv")
    with Path(str(path)).open(encoding="utf-8", newline="") as file:
        first, *rows = csv.reader(file)
    classes = first[2:]  # the first line: how many rows, how many columns, the names of the classes
    names = []
    for kind in ("mean", "error", "worst"):
        names += [f"{kind}_{measure}" for measure in MEASURES]
    table = {}
    for column, name in enumerate(names):
        table[name] = Column.of([row[column] for row in rows])
    table["diagnosis"] = Column.of([classes[int(row[-1])] for row in rows])
    return table


def read_input(table: Mapping[str, Sequence[str]], info: Info) -> EncodedRows:
    """Return the rows of a table as the model takes them: numbers (N, F), categories (N, C)."""
    return encode(table, info.numbers, info.categories)


def read_inputs(words: tuple[str, ...], info: Info) -> Inputs:
    """Return the rows that predict.py was given.

    Args:
        words: One table, with the columns that the model was trained on.
        info: What the model was trained on.
    """
    if len(words) > 1:
        raise UserError(f"one CSV file at a time, not {len(words)}")
    path = Path(words[0])
    table = read_table(path, encoding_unless_utf_8(path, info.encoding))
    wanted = {column["column"]: None for column in info.numbers.values()} | info.categories
    missing = [name for name in wanted if name not in table]
    if missing:
        raise UserError(f"{words[0]} lacks the columns {', '.join(missing)}")
    numbers, categories = read_input(table, info)
    names = [f"row {row + 1}" for row in range(len(numbers))]
    return Inputs(names, table, list(zip(numbers, categories, strict=True)))
