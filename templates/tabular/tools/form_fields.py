"""What is asked of a person about a row, as plain data: the pages that ask are made of it."""

import math
from pathlib import Path
from statistics import median_low
from typing import Any

import torch

from config import Config
from data import Info, load_data
from engine.checkpoint import LoadedModel, load_same_data
from engine.columns import RUNNING, EncodedRows, decode
from engine.loader import make_loader


def describe_form(folder: Path, loaded: LoadedModel[Config, Info]) -> dict[str, Any]:
    """Return the field of each column, in the order of the model's inputs.

    Of the training rows no more is in it than the lowest, the middle and the highest number of
    each column, its most frequent word, and the date in the first row.

    Args:
        folder: The run's.
        loaded: The model, and what is known of the columns. The data must be where they were.

    Returns:
        Under "fields" a dict for each, with its name and its kind. A "category" has choices and a
        value; a "date" a value, a first and a last one, which may be empty; a "slider" least, most,
        step and value; a "number", which may stay empty, least, most and step.
    """
    data = load_same_data(load_data, loaded, folder)
    return describe_rows(gather_rows(data.train, loaded.config), loaded.info)


def describe_rows(seen: EncodedRows, info: Info) -> dict[str, Any]:
    """Return what describe_form does, of the rows that the run was trained on."""
    shown = decode(seen, info.numbers, info.categories)
    fields = []
    for column in info.numbers.values():
        name = column["column"]
        if column["part"] == "number":
            values = [float(cell) for cell in shown[name] if cell]
            fields.append(describe_number(name, values, column["has_gaps"]))
        elif column["part"] in RUNNING:  # a date has several parts, and one field
            fields.append(describe_date(name, shown[name]))
    for number, (name, known) in enumerate(info.categories.items()):
        most_frequent = int(seen.categories[:, number].mode().values)
        usual = known[most_frequent - 1]
        fields.append({"kind": "category", "name": name, "choices": known, "value": usual})
    return {"fields": fields}


def gather_rows(dataset: Any, config: Config) -> EncodedRows:
    """Return all rows of a part of the data."""
    numbers, categories = [], []
    for inputs, _ in make_loader(dataset, 1024, config):
        numbers.append(inputs[0])
        categories.append(inputs[1])
    return EncodedRows(torch.cat(numbers), torch.cat(categories))


def describe_date(name: str, cells: list[str]) -> dict[str, Any]:
    """Return the field of a column of dates or times, with one that training has seen."""
    known = sorted(filter(None, cells))
    first = known[0] if known else ""
    last = known[-1] if known else ""
    return {"kind": "date", "name": name, "value": cells[0], "first": first, "last": last}


def describe_number(name: str, values: list[float], has_gaps: bool) -> dict[str, Any]:
    """Return the field of a column of numbers: a slider, or where it may stay empty none."""
    least = min(values, default=0.0)
    most = max(values, default=0.0)
    digits = 0
    is_whole = all(value % 1 == 0 for value in values)
    if not is_whole and least < most:  # a hundred steps or more
        digits = max(0, math.ceil(2 - math.log10(most - least)))
    scale = 10**digits
    if has_gaps or least == most:
        return {"kind": "number", "name": name, "least": least, "most": most, "step": 1 / scale}
    return {
        "kind": "slider",
        "name": name,
        "least": math.floor(least * scale) / scale,
        "most": math.ceil(most * scale) / scale,
        "step": 1 / scale,
        "value": round(median_low(values), digits),
    }
