"""How the values of a table become tensors, and tensors a table again."""

import math
import sys
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.cells import (
    LARGEST,
    ORDERS,
    SHORT_DATE,
    Reading,
    Unreadable,
    fold,
    is_missing,
    is_none,
    number_text,
    number_words,
    part_of,
    read_moment,
    read_values,
    word_code,
)
from engine.kinds import (
    Chosen,
    Understood,
    understand_table,
)
from engine.scaling import learn_scale
from engine.settings import UserError
from engine.table import Column, Table

DATE_PARTS = ("year", "month", "day", "weekday", "hour", "minute", "days")
TIME_PARTS = ("minute", "hours")
RUNNING = ("days", "hours")  # these two are always there, and tell the other parts


class NumberColumn(Reading):
    """How a number that the model gets is read from a column of the table, and scaled."""

    column: str  # of the table
    part: str  # "number", or a part of a date: "year", "month", ..., "days"
    center: float  # the model gets (number - center) / scale: both from the training rows
    scale: float  # never 0
    edges: list[float]  # from engine/scaling.py, in scaled units
    has_gaps: bool  # whether a value was missing in training


class LearnedColumns(NamedTuple):
    """What encoding needs to know of a table."""

    numbers: dict[str, NumberColumn]  # by their names, in the order of the model's inputs
    categories: dict[str, list[str]]  # of each column the values in training


class EncodedRows(NamedTuple):
    """Rows of a table as the model takes them."""

    numbers: Tensor  # (N, F) float32, scaled, NaN where one is missing
    categories: Tensor  # (N, C) int64, counted from 1; 0 for a value that training did not see


def learn_columns(
    table: Mapping[str, Sequence[str]],
    train: list[int],
    understood: dict[str, Understood] | None = None,
) -> LearnedColumns:
    """Return what encoding needs to know.

    Args:
        table: The columns to predict from.
        train: The rows to learn from; the others are not looked at for scales and categories.
        understood: Which kind each column is; None finds it out from the table.

    Raises:
        UserError: No column can be used.
    """
    columns = {name: Column.of(cells) for name, cells in table.items()}
    if understood is None:
        understood = understand_table(columns, Chosen())
    numbers: dict[str, NumberColumn] = {}
    categories: dict[str, list[str]] = {}
    rows = np.asarray(train)
    for name, column in columns.items():
        about = understood[name]
        if about.kind == "number":
            numbers |= learn_numbers(name, column.take(rows), ["number"], about)
        elif about.kind == "date":
            train_column = column.take(rows)
            parts = varying_parts(train_column, about)
            for key, number in learn_numbers(name, train_column, parts, about).items():
                while key in columns:  # the table has a column "joined (year)" beside "joined"
                    key += "*"
                numbers[key] = number
        elif about.kind == "category":
            categories[name] = learn_words(column.take(rows), about)
    if not numbers and not categories:
        reasons = [f"{name} ({'; '.join(about.remarks)})" for name, about in understood.items()]
        why = ", ".join(reasons) or "there is none beside the target and those of --drop"
        raise UserError(f"no column to predict from is left: {why}")
    return LearnedColumns(numbers, categories)


def learn_numbers(
    name: str, train: Column, parts: list[str], about: Understood
) -> dict[str, NumberColumn]:
    """Return how numbers are read from a column and scaled, by their names.

    Args:
        name: The column's.
        train: The column in the rows to learn from.
        parts: "number", or parts of a date.
        about: What was understood of it.
    """
    tells_order = about.order != ORDERS[0] or any(map(SHORT_DATE.match, train.values))
    order = about.order if tells_order else ""
    reading = Reading(format=about.format, order=order, none=about.none)
    learned = {}
    for part, values in numbers_in(train, reading, parts).items():
        known = values[~values.isnan()]
        learned_scale = learn_scale(known)
        learned[name if part == "number" else f"{name} ({part})"] = NumberColumn(
            **reading,
            column=name,
            part=part,
            center=learned_scale.center,
            scale=learned_scale.scale,
            edges=learned_scale.edges,
            has_gaps=len(known) < len(values),
        )
    return learned


def varying_parts(train: Column, about: Understood) -> list[str]:
    """Return the parts of a date or a time that differ, and the running number in any case."""
    present = [cell for cell, count in zip(train.values, train.counts(), strict=True) if count]
    moments = [read_moment(cell, about.order) for cell in present if not is_none(cell)]
    known = [moment for moment in moments if moment is not None]
    are_times = bool(known) and all(moment.date is None for moment in known)
    parts = []
    for part in TIME_PARTS if are_times else DATE_PARTS:
        different = {part_of(moment, part) for moment in known} - {math.nan}
        if len(different) > 1 or part in RUNNING:
            parts.append(part)
    if "day" not in parts and "weekday" in parts:  # all dates are the first of a month
        parts.remove("weekday")
    return parts


def learn_words(train: Column, about: Understood) -> list[str]:
    """Return the words of a column in training, sorted, with "" where some are missing."""
    usual = {fold(word): word for word in about.words}
    written = set(about.words)
    words = set()
    for cell, count in zip(train.values, train.counts(), strict=True):
        if not count:
            continue
        if cell in written:
            words.add(cell)
        elif fold(cell) in usual:
            words.add(usual[fold(cell)])
        elif is_missing(cell):
            words.add("")
    return sorted(words)


def encode(
    table: Mapping[str, Sequence[str]],
    numbers: dict[str, NumberColumn],
    categories: dict[str, list[str]],
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
    parts: dict[str, list[str]] = {}  # of each column of numbers
    for about in numbers.values():
        parts.setdefault(about["column"], []).append(about["part"])
    values = {}
    for about in numbers.values():
        name = about["column"]
        if name not in values:
            values[name] = read_numbers(name, Column.of(table[name]), about, parts[name])
    scaled = [scale(values[about["column"]][about["part"]], about) for about in numbers.values()]
    codes = [
        encode_words(name, Column.of(table[name]), known) for name, known in categories.items()
    ]
    return EncodedRows(
        torch.stack(scaled, dim=1) if scaled else torch.empty(rows, 0),
        torch.stack(codes, dim=1) if codes else torch.empty(rows, 0, dtype=torch.long),
    )


def numbers_in(column: Column, reading: Reading, parts: list[str]) -> dict[str, Tensor]:
    """Return the parts that are asked for, of each row (N,) float64, NaN where it is missing.

    Raises:
        Unreadable: A cell holds no number, or no date.
    """
    used = np.flatnonzero(column.counts())
    found = read_values([column.values[code] for code in used.tolist()], reading, parts)
    numbers = {}
    for part, values in found.items():
        different = np.full(len(column.values), np.nan)
        different[used] = values
        numbers[part] = torch.from_numpy(different[column.codes])
    return numbers


def read_numbers(
    name: str, column: Column, about: NumberColumn, parts: list[str]
) -> dict[str, Tensor]:
    """Return what numbers_in does, and name the row of a cell that cannot be read."""
    try:
        return numbers_in(column, about, parts)
    except Unreadable as error:
        what = "number" if about["part"] == "number" else "date"
        unit = about["format"]["unit"]
        in_unit = f" in {unit}" if unit and what == "number" else ""
        row = column.row_of(error.cell)
        why = f"no {what}{in_unit}"
        if error.in_two_ways:
            why = "one date with the day first and another with the month first: write 2024-01-31"
        raise UserError(f"row {row}: {name} is {error.cell!r}, which is {why}") from error


def scale(values: Tensor, about: NumberColumn) -> Tensor:
    """Return numbers (N,) float64 as the network gets them: scaled, then made float32.

    In the 7 digits of float32 two times in seconds since 1970 that are a minute apart would be the
    same, so they are scaled while they have the 16 digits of float64.
    """
    scaled = (values - about["center"]) / about["scale"]
    return scaled.clamp(-LARGEST, LARGEST).float()


def encode_words(name: str, column: Column, known: list[str]) -> Tensor:
    """Return a column of words (N,) int64: 1 is the first of the known ones, 0 another one."""
    codes = number_words(known)
    different = np.array([word_code(cell, codes) for cell in column.values], dtype=np.int64)
    is_new = (different == 0) & (column.counts() > 0)
    if is_new.any():
        new = sorted(column.values[code] for code in np.flatnonzero(is_new).tolist())
        print(f"note: training has not seen {', '.join(new[:5])} in {name}", file=sys.stderr)
    return torch.from_numpy(different[column.codes])


def decode(
    rows: EncodedRows, numbers: dict[str, NumberColumn], categories: dict[str, list[str]]
) -> Table:
    """Return encoded rows as columns of text again. A date is that which its running number is."""
    table = {}
    has_time = {
        about["column"] for about in numbers.values() if about["part"] in ("hour", "minute")
    }
    for about, scaled in zip(numbers.values(), rows.numbers.T.tolist(), strict=True):
        name = about["column"]
        if about["part"] == "number":
            table[name] = [decode_number(number, about) for number in scaled]
        elif about["part"] in RUNNING:
            table[name] = [decode_moment(number, about, name in has_time) for number in scaled]
    for name, codes in zip(categories, rows.categories.T.tolist(), strict=True):
        names = ["", *categories[name]]
        table[name] = [names[code] for code in codes]
    return table


def decode_number(scaled: float, about: NumberColumn) -> str:
    """Return a scaled number as a cell of a table, with as many digits as float32 tells apart."""
    if math.isnan(scaled):
        return ""
    distance = scaled * about["scale"]
    number = about["center"] + distance
    if distance:
        step = abs(distance) * 2**-23  # to the next float32
        number = round(number, math.floor(-math.log10(step)))
    return number_text(number)


def decode_moment(scaled: float, about: NumberColumn, has_time: bool) -> str:
    """Return a scaled running number as a date and a time, to the minute."""
    if math.isnan(scaled):
        return ""
    number = about["center"] + scaled * about["scale"]
    if about["part"] == "hours":
        hour, minute = divmod(round(number * 60), 60)
        return f"{hour:02}:{minute:02}"
    if not has_time:
        return (date(1970, 1, 1) + timedelta(days=round(number))).isoformat()
    days, minutes = divmod(round(number * 1440), 1440)
    day = date(1970, 1, 1) + timedelta(days=days)
    return f"{day.isoformat()} {minutes // 60:02}:{minutes % 60:02}"
