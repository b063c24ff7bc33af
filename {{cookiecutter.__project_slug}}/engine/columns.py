"""The columns of a table: what kind each is, and how its values become tensors."""

import math
import re
import sys
from collections.abc import Iterable
from typing import NamedTuple, TypedDict

import torch
from torch import Tensor

from engine.scaling import learn_scale
from engine.settings import UserError
from engine.splits import NumberedClasses, number_classes
from engine.table import Table

MISSING = {
    *("", "?", "-", "na", "n/a", "#n/a", "<na>", "nan", "inf", "null", "none", "없음", "미상"),
    *("#div/0!", "#value!", "#ref!", "missing", "unknown"),
}
UNITS = "$€£¥₩%원 "  # what may stand around a number
MINUS_SIGN = "\u2212"
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DATE = re.compile(r"\d{1,4}[-/.년] ?\d{1,2}[-/.월] ?\d{1,4}.*")
IDENTIFIER = re.compile(r"((^|[^a-zA-Z])(id|index)|Id|ID|번호)$|^Unnamed|^\(no name\)")
LARGEST = 3e38  # more does not fit into float32
MOST_CATEGORIES = 20  # a column of words may have so many, or half as many as it has rows


class NumberColumn(TypedDict):
    """How a number that the model gets is read from a column of the table, and scaled."""

    column: str  # of the table
    part: str  # "number": the whole cell
    center: float  # the model gets (number - center) / scale: both from the training rows
    scale: float  # never 0
    edges: list[float]  # from engine/scaling.py, in scaled units
    has_gaps: bool  # whether a value was missing in training
    has_comma: bool  # whether 1,5 is one and a half


class LearnedColumns(NamedTuple):
    """What was understood of a table."""

    numbers: dict[str, NumberColumn]  # by their names, in the order of the model's inputs
    categories: dict[str, list[str]]  # of each column the values in training
    notes: list[str]  # lines for the user


class EncodedRows(NamedTuple):
    """Rows of a table as the model takes them."""

    numbers: Tensor  # (N, F) float32, scaled, NaN where one is missing
    categories: Tensor  # (N, C) int64, counted from 1; 0 for a value that training did not see


def is_missing(value: str) -> bool:
    """Return whether a value says that there is none."""
    return value.lower() in MISSING


def to_number(value: str, has_comma: bool = False) -> float | None:
    """Return the number that a text is, or None where it is no number.

    Args:
        value: Such as "1,234.5", "$ 20", "50%".
        has_comma: 1,5 is one and a half, and 1.234 a thousand and more.
    """
    value = value.strip(UNITS).replace(MINUS_SIGN, "-")
    if has_comma and "," in value:
        value = value.replace(".", "").replace(",", ".")
    elif THOUSANDS.fullmatch(value):
        value = value.replace(",", "")
    if "_" in value:  # Python takes 1_000 for a number
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < LARGEST else None  # nan is not less either


def writes_comma(values: Iterable[str]) -> bool:
    """Return whether a column writes 1,5 for one and a half: some comma is not for thousands."""
    with_comma = [value.strip(UNITS) for value in values if "," in value]
    return any(not THOUSANDS.fullmatch(value) for value in with_comma)


def kind_of(name: str, values: list[str]) -> str:
    """Return what a column holds: "numbers", "categories", or else why it is left out."""
    known = [value for value in values if not is_missing(value)]
    different = set(known)
    if len(different) < 2:
        return "always the same"
    has_comma = writes_comma(different)
    numbers = [to_number(value, has_comma) for value in different]
    numbers = [number for number in numbers if number is not None]
    if len(numbers) == len(different):
        is_unique = len(different) == len(values)
        return "an identifier" if is_unique and is_identifier(name, numbers) else "numbers"
    if all(DATE.fullmatch(value) for value in different):
        return "dates"
    if len(different) <= max(MOST_CATEGORIES, len(known) / 2):
        return "categories"
    if len(numbers) > len(known) / 2:
        odd = next(value for value in known if to_number(value, has_comma) is None)
        return f"no numbers: {odd!r}"
    return "almost all different"


def is_identifier(name: str, numbers: list[float]) -> bool:
    """Return whether a column just counts its rows: by its name, or as it counts from 0 or 1.

    Args:
        name: The column's.
        numbers: Its values, all different.
    """
    if any(number % 1 for number in numbers):
        return False
    first = min(numbers)
    is_counting = first in (0, 1) and max(numbers) - first == len(numbers) - 1
    return is_counting or IDENTIFIER.search(name) is not None


def learn_columns(table: Table, train: list[int]) -> LearnedColumns:
    """Return what encoding needs to know.

    Args:
        table: The columns to predict from.
        train: The rows to learn from; the others are not looked at for means and categories.

    Raises:
        UserError: No column can be used.
    """
    numbers: dict[str, NumberColumn] = {}
    categories: dict[str, list[str]] = {}
    left_out = []
    for name, values in table.items():
        kind = kind_of(name, values)
        if kind == "numbers":
            numbers[name] = learn_numbers(name, values, train)
        elif kind == "categories":
            categories[name] = sorted({values[row] for row in train})
        else:
            left_out.append(f"{name} ({kind})")
    if not numbers and not categories:
        raise UserError(f"no column to predict from is left: {', '.join(left_out)}")
    notes = []
    if numbers:
        notes.append(f"numbers: {', '.join(numbers)}")
    if categories:
        sizes = [f"{name} ({len(values)})" for name, values in categories.items()]
        notes.append(f"categories: {', '.join(sizes)}")
    if left_out:
        notes.append(f"left out: {', '.join(left_out)}")
    return LearnedColumns(numbers, categories, notes)


def learn_numbers(name: str, values: list[str], train: list[int]) -> NumberColumn:
    """Return what encoding a column of numbers needs to know, from the rows to train with."""
    has_comma = writes_comma(values)
    numbers = [to_number(values[row], has_comma) for row in train]
    known = [number for number in numbers if number is not None]
    scale = learn_scale(torch.tensor(known, dtype=torch.double))
    return NumberColumn(
        column=name,
        part="number",
        center=scale.center,
        scale=scale.scale,
        edges=scale.edges,
        has_gaps=len(known) < len(train),
        has_comma=has_comma,
    )


def encode(
    table: Table, numbers: dict[str, NumberColumn], categories: dict[str, list[str]]
) -> EncodedRows:
    """Return the rows of a table as tensors.

    Args:
        table: Has at least these columns.
        numbers: From learn_columns.
        categories: From learn_columns.

    Raises:
        UserError: A value in a column of numbers is none; its row is named.
    """
    rows = len(next(iter(table.values())))
    number_columns = [
        encode_numbers(table[column["column"]], column) for column in numbers.values()
    ]
    category_columns = [
        encode_categories(name, table[name], known) for name, known in categories.items()
    ]
    return EncodedRows(
        torch.stack(number_columns, dim=1) if number_columns else torch.empty(rows, 0),
        torch.stack(category_columns, dim=1)
        if category_columns
        else torch.empty(rows, 0, dtype=torch.long),
    )


def encode_numbers(values: list[str], column: NumberColumn) -> Tensor:
    """Return a column of numbers (N,) float32, scaled, NaN where one is missing.

    They are scaled while they have the 16 digits of float64. In the 7 digits of float32 two times
    in seconds since 1970 that are a minute apart would be the same.
    """
    has_comma = column["has_comma"] or writes_comma(values)
    numbers = []
    for row, value in enumerate(values, 1):
        number = math.nan if is_missing(value) else to_number(value, has_comma)
        if number is None:
            raise UserError(f"row {row}: {column['column']} is {value!r}, which is no number")
        numbers.append(number)
    found = torch.tensor(numbers, dtype=torch.double)
    scaled = (found - column["center"]) / column["scale"]
    return scaled.clamp(-LARGEST, LARGEST).float()


def encode_categories(name: str, values: list[str], known: list[str]) -> Tensor:
    """Return a column of words (N,) int64: 1 is the first of the known ones, 0 another one."""
    codes = {value: code for code, value in enumerate(known, 1)}
    new = sorted({value for value in values if value not in codes})
    if new:
        print(f"note: training has not seen {', '.join(new[:5])} in {name}", file=sys.stderr)
    return torch.tensor([codes.get(value, 0) for value in values])


def decode(
    rows: EncodedRows, numbers: dict[str, NumberColumn], categories: dict[str, list[str]]
) -> Table:
    """Return encoded rows as columns of text again."""
    table = {}
    for column, scaled in zip(numbers.values(), rows.numbers.T.tolist(), strict=True):
        table[column["column"]] = [decode_number(number, column) for number in scaled]
    for name, codes in zip(categories, rows.categories.T.tolist(), strict=True):
        names = ["", *categories[name]]
        table[name] = [names[code] for code in codes]
    return table


def decode_number(scaled: float, column: NumberColumn) -> str:
    """Return a scaled number as a cell of a table, with as many digits as float32 tells apart."""
    if math.isnan(scaled):
        return ""
    distance = scaled * column["scale"]
    number = column["center"] + distance
    if distance:
        step = abs(distance) * 2**-23  # to the next float32
        number = round(number, math.floor(-math.log10(step)))
    return f"{number:.15g}"


def read_answers(answers: list[str], target: str, regression: bool) -> NumberedClasses:
    """Return what is to be predicted: class numbers (N,) and the classes, or numbers and none.

    Args:
        answers: The column to predict, without missing values.
        target: Its name.
        regression: Predict numbers, even if there are few different ones.

    Raises:
        UserError: The column has nothing to learn, or holds no numbers where they are wanted.
    """
    where = f"the column {target!r}"
    if not answers:
        raise UserError(f"--target: {where} has no value in any row")
    has_comma = writes_comma(answers)
    numbers = []
    for answer in answers:
        number = to_number(answer, has_comma)
        if number is None:
            if regression:
                raise UserError(f"--regression: {answer!r} is no number")
            return number_classes(answers, where)
        numbers.append(number)
    different = set(numbers)
    are_classes = len(different) <= 20 and not any(number % 1 for number in different)
    if are_classes and not regression:
        return number_classes(answers, where)
    if len(different) == 1:
        raise UserError(f"--target: {where} is {answers[0]} in every row")
    return NumberedClasses(torch.tensor(numbers, dtype=torch.float32), [])
