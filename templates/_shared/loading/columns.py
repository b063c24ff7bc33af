"""The columns of a table: what kind each is, and how its values become tensors."""

import math
import re
from typing import Any

import torch
from torch import Tensor

from settings import UserError

MISSING = {"", "?", "-", "na", "n/a", "nan", "null", "none"}
DATE = re.compile(r"\d{1,4}[-/.년] ?\d{1,2}[-/.월] ?\d{1,4}.*")


def is_missing(value: str) -> bool:
    """Return whether a value says that there is none."""
    return value.lower() in MISSING


def to_number(value: str) -> float | None:
    """Return the number that a text is, or nothing."""
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < 3e38 else None  # nor is nan, and more does not fit


def kind_of(name: str, values: list[str]) -> str:
    """Return what a column holds: "numbers", "categories", or else why it is left out."""
    known = [value for value in values if not is_missing(value)]
    different = set(known)
    if len(different) < 2:
        return "always the same"
    numbers = [number for number in map(to_number, different) if number is not None]
    if len(numbers) == len(different):
        counted = len(different) == len(values) and not any(number % 1 for number in numbers)
        in_turn = max(numbers) - min(numbers) == len(numbers) - 1
        named = re.search(r"((^|[^a-zA-Z])(id|index)|Id|ID|번호)$", name)
        return "an identifier" if counted and (in_turn or named) else "numbers"
    if all(DATE.fullmatch(value) for value in different):
        return "dates"
    return "almost all different" if len(different) > max(20, len(known) / 2) else "categories"


def learn_columns(columns: dict[str, list[str]], train: list[int]) -> tuple[Any, list[str]]:
    """Return what encoding needs to know, from the rows to train with alone, and notes."""
    numbers, categories, others = {}, {}, []
    for name, values in columns.items():
        kind = kind_of(name, values)
        if kind == "numbers":
            known = [number for row in train if (number := to_number(values[row])) is not None]
            found = torch.tensor(known or [0.0], dtype=torch.double)
            spread = found.std(correction=0).item() or 1.0
            numbers[name] = [found.mean().item(), spread, float(len(known) < len(train))]
        elif kind == "categories":
            categories[name] = sorted({values[row] for row in train})
        else:
            others.append(f"{name} ({kind})")
    notes = [f"numbers: {', '.join(numbers)}"] if numbers else []
    sizes = (f"{name} ({len(values)})" for name, values in categories.items())
    notes += [f"categories: {', '.join(sizes)}"] if categories else []
    notes += [f"left out: {', '.join(others)}"] if others else []
    if not numbers and not categories:
        raise UserError(f"no column to predict from is left: {', '.join(others)}")
    return {"numbers": numbers, "categories": categories, "scale": []}, notes


def encode(columns: dict[str, list[str]], inputs: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Return the numbers (N, F), NaN where one is missing, and the categories (N, C) int64.

    Category 0 is one that training did not see.
    """
    numbers, categories = [], []
    for name in inputs["numbers"]:
        values = [math.nan if is_missing(value) else to_number(value) for value in columns[name]]
        if None in values:
            row = values.index(None)
            raise UserError(f"row {row + 1}: {name} is {columns[name][row]!r}, which is no number")
        numbers.append(torch.tensor(values, dtype=torch.float32))
    for name, known in inputs["categories"].items():
        codes = {value: code for code, value in enumerate(known, 1)}
        categories.append(torch.tensor([codes.get(value, 0) for value in columns[name]]))
    empty = torch.empty(len(next(iter(columns.values()))), 0)
    return (
        torch.stack(numbers, dim=1) if numbers else empty,
        torch.stack(categories, dim=1) if categories else empty.long(),
    )
