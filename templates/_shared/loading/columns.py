"""The columns of a table: what kind each is, and how its values become tensors."""

import math
import re
import sys
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from commands.settings import UserError
from loading.splits import number_classes

MISSING = {
    "", "?", "-", "na", "n/a", "#n/a", "<na>", "nan", "inf", "null", "none", "없음", "미상",
    "#div/0!", "#value!", "#ref!", "missing", "unknown",
}  # fmt: skip
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DATE = re.compile(r"\d{1,4}[-/.년] ?\d{1,2}[-/.월] ?\d{1,4}.*")


def is_missing(value: str) -> bool:
    """Return whether a value says that there is none."""
    return value.lower() in MISSING


def to_number(value: str, comma: bool = False) -> float | None:
    """Return the number that a text is, or nothing; with `comma`, 1,5 is one and a half."""
    value = value.strip("$€£¥₩%원 ").replace("\u2212", "-")  # a minus sign
    if comma and "," in value:
        value = value.replace(".", "").replace(",", ".")
    elif THOUSANDS.fullmatch(value):
        value = value.replace(",", "")
    try:
        number = float(value.replace("_", "no number"))
    except ValueError:
        return None
    return number if abs(number) < 3e38 else None  # nor is nan, and more does not fit


def has_comma(values: Iterable[str]) -> bool:
    """Return whether a column writes 1,5 for one and a half: some comma is not for thousands."""
    commas = (value.strip("$€£¥₩%원 ") for value in values if "," in value)
    return any(not THOUSANDS.fullmatch(value) for value in commas)


def kind_of(name: str, values: list[str]) -> str:
    """Return what a column holds: "numbers", "categories", or else why it is left out."""
    known = [value for value in values if not is_missing(value)]
    different = set(known)
    if len(different) < 2:
        return "always the same"
    comma = has_comma(different)
    numbers = [n for value in different if (n := to_number(value, comma)) is not None]
    if len(numbers) == len(different):
        counted = len(different) == len(values) and not any(number % 1 for number in numbers)
        in_turn = min(numbers) in (0, 1) and max(numbers) - min(numbers) == len(numbers) - 1
        named = re.search(r"((^|[^a-zA-Z])(id|index)|Id|ID|번호)$|^Unnamed|^\(no name\)", name)
        return "an identifier" if counted and (in_turn or named) else "numbers"
    if all(DATE.fullmatch(value) for value in different):
        return "dates"
    if len(different) <= max(20, len(known) / 2):
        return "categories"
    odd = next(value for value in known if to_number(value, comma) is None)
    return f"no numbers: {odd!r}" if len(numbers) > len(known) / 2 else "almost all different"


def learn_columns(columns: dict[str, list[str]], train: list[int]) -> tuple[Any, list[str]]:
    """Return what encoding needs to know, from the rows to train with alone, and notes."""
    numbers, categories, commas, others = {}, {}, [], []
    for name, values in columns.items():
        kind = kind_of(name, values)
        if kind == "numbers":
            comma = has_comma(values)
            known = [n for row in train if (n := to_number(values[row], comma)) is not None]
            found = torch.tensor(known or [0.0], dtype=torch.double)
            spread = found.std(correction=0).item() or 1.0
            gaps = len(known) < len(train)
            numbers[name] = [found.mean().item(), spread, float(gaps)]
            commas += [name] if comma else []
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
    return {"numbers": numbers, "categories": categories, "scale": [], "commas": commas}, notes


def encode(columns: dict[str, list[str]], inputs: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Return the numbers (N, F), NaN where one is missing, and the categories (N, C) int64.

    Category 0 is one that training did not see.
    """
    numbers, categories = [], []
    for name in inputs["numbers"]:
        comma = name in inputs["commas"] or has_comma(columns[name])
        values = [math.nan if is_missing(v) else to_number(v, comma) for v in columns[name]]
        if None in values:
            row = values.index(None)
            raise UserError(f"row {row + 1}: {name} is {columns[name][row]!r}, which is no number")
        numbers.append(torch.tensor(values, dtype=torch.float32))
    for name, known in inputs["categories"].items():
        codes = {value: code for code, value in enumerate(known, 1)}
        categories.append(torch.tensor([codes.get(value, 0) for value in columns[name]]))
        if new := sorted({value for value in columns[name] if value not in codes}):
            print(f"note: training has not seen {', '.join(new[:5])} in {name}", file=sys.stderr)
    empty = torch.empty(len(next(iter(columns.values()))), 0)
    return (
        torch.stack(numbers, dim=1) if numbers else empty,
        torch.stack(categories, dim=1) if categories else empty.long(),
    )


def decode(numbers: Tensor, categories: Tensor, inputs: dict[str, Any]) -> dict[str, list[str]]:
    """Return numbers (N, F) and categories (N, C) as columns of text again."""
    columns = {
        name: ["" if number != number else f"{number:.7g}" for number in column]
        for name, column in zip(inputs["numbers"], numbers.T.tolist(), strict=True)
    }
    for (name, known), codes in zip(inputs["categories"].items(), categories.T, strict=True):
        columns[name] = [["", *known][code] for code in codes]
    return columns


def read_answers(answers: list[str], target: str, regression: bool) -> tuple[Tensor, list[str]]:
    """Return numbers (N,) and no classes, or class numbers (N,) and what they stand for."""
    if not answers:
        raise UserError(f"--target: the column {target!r} has no value in any row")
    comma = has_comma(answers)
    numbers = [to_number(answer, comma) for answer in answers]
    if None in numbers:
        if regression:
            raise UserError(f"--regression: {answers[numbers.index(None)]!r} is no number")
    elif regression or len(set(numbers)) > 20 or any(number % 1 for number in numbers if number):
        if len(set(numbers)) == 1:
            raise UserError(f"--target: the column {target!r} is {answers[0]} in every row")
        return torch.tensor(numbers, dtype=torch.float32), []
    return number_classes(answers, f"the column {target!r}")
