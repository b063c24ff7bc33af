"""What is to be predicted: classes, or numbers."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.cells import fold, is_none, learn_format, split_number, to_number
from engine.kinds import (
    MOST_CATEGORIES,
    count_cells,
    is_date,
    is_padded,
    remarks_on_format,
    remarks_on_gap_codes,
    rows_text,
    shortened,
    units_in,
    usual_spellings,
)
from engine.names import quoted
from engine.settings import UserError
from engine.splits import number_classes
from engine.table import Column

SMALLEST = 1e-30  # float32 knows no number nearer to 0 than 1e-45
PRECISION = 1000  # numbers to predict are told apart in so many steps, or more finely


class Answers(NamedTuple):
    """What is to be predicted."""

    rows: np.ndarray  # (N,) the rows that have an answer
    labels: Tensor  # (N,) int64 class numbers, or float32 numbers
    classes: list[str]  # empty for numbers
    notes: list[str]  # lines for the user

    def keep(self, has_place: Callable[[int], bool]) -> "Answers":
        """Return the answers of those rows alone that have a place in a part of the data."""
        kept = np.array([has_place(row) for row in self.rows.tolist()])
        return self._replace(rows=self.rows[kept], labels=self.labels[torch.from_numpy(kept)])


def read_answers(
    cells: Sequence[str], target: str, regression: bool = False, as_written: bool = False
) -> Answers:
    """Return what is to be predicted.

    Args:
        cells: The column to predict.
        target: Its name.
        regression: Predict numbers, even if there are few different ones.
        as_written: Predict classes, even if they are numbers or differ only in case.

    Raises:
        UserError: The column has nothing to learn, or holds no numbers where they are wanted.
    """
    column = Column.of(cells)
    where = f"the column {target!r}"
    found = count_cells(column)
    known = list(found.counts)
    if not known:
        raise UserError(f"--target: {where} has no value in any row")
    if as_written:
        return as_classes(column, {cell: cell for cell in known}, where)
    if regression or are_numbers(column, target, known):
        return as_numbers(column, target, regression)
    usual = {fold(word): word for word in usual_spellings(found)}
    try:
        return as_classes(column, {cell: usual[fold(cell)] for cell in known}, where)
    except UserError as error:
        if all(map(split_number, found.written)):
            raise UserError(f"{error}; --regression predicts it as a number") from error
        raise


def are_numbers(column: Column, target: str, known: list[str]) -> bool:
    """Return whether a target is a number rather than a class.

    Raises:
        UserError: It looks like one, but a value is no number, or it holds dates.
    """
    written = [cell for cell in known if not is_none(cell)]
    if len(written) > MOST_CATEGORIES and all(map(is_date, written)):
        raise UserError(
            f"--target: the column {target!r} holds dates or times: predict a number of days or "
            "minutes, or a class"
        )
    format = learn_format(written)
    if format is None and len(written) > MOST_CATEGORIES and all(map(split_number, written)):
        raise UserError(
            f"--target: the column {target!r} has mixed units: {units_in(written)}; "
            f"write them all in one, or add --categories {quoted(target)} for classes"
        )
    if format is None or not written or any(map(is_padded, written)):
        return False
    numbers = {cell: to_number(cell, format) for cell in written}
    odd = [cell for cell, number in numbers.items() if number is None]
    different = {number for number in numbers.values() if number is not None}
    are_classes = len(different) <= MOST_CATEGORIES and not any(number % 1 for number in different)
    if are_classes or len(odd) > len(written) / 2:
        return False
    if odd:
        first = min(odd, key=column.row_of)
        raise UserError(
            f"--target: row {column.row_of(first)}: {target} is {shortened(first)}, "
            "which is no number: mend it, or empty the cell to leave the row out"
        )
    return True


def as_numbers(column: Column, target: str, regression: bool) -> Answers:
    """Return a column as numbers to predict."""
    found = count_cells(column)
    written = found.written
    format = learn_format(written)
    flag = "--regression" if regression else "--target"
    if format is None:
        raise UserError(f"{flag}: the column {target!r} has mixed units: {units_in(written)}")
    different_numbers = [
        None if is_none(cell) else to_number(cell, format) for cell in column.values
    ]
    odd = [cell for cell in written if to_number(cell, format) is None]
    if odd:
        first = min(odd, key=column.row_of)
        row = column.row_of(first)
        raise UserError(
            f"{flag}: {shortened(first)} is no number: row {row} of {target!r}; mend it, or empty "
            "the cell"
        )
    values = np.array([np.nan if number is None else number for number in different_numbers])
    different = len(np.unique(values[~np.isnan(values)]))
    if different < 2:
        only = written[0] if written else "missing"
        raise UserError(f"--target: the column {target!r} is {only} in every row")
    numbers = values[column.codes]
    rows = np.flatnonzero(~np.isnan(numbers))
    check_precision(numbers[rows], target)
    notes = note_on_rows(column, target, rows)
    good = dict(zip(column.values, values.tolist(), strict=True))
    good = {cell: good[cell] for cell in written}
    remarks = remarks_on_format(found, good, format) + remarks_on_gap_codes(found, good)
    notes += [f"{target!r}: {remark}" for remark in remarks]
    return Answers(rows, torch.from_numpy(numbers[rows]).float(), [], notes)


def check_precision(numbers: np.ndarray, target: str) -> None:
    """Refuse numbers (N,) that lie so close together, far from 0, that float32 blurs them."""
    if np.abs(numbers).max() < SMALLEST:
        raise UserError(
            f"--target: the numbers of {target!r} are all nearer to 0 than {SMALLEST:g}: "
            "write them in a smaller unit"
        )
    step = float(np.spacing(np.float32(np.abs(numbers).max())))  # to the next float32
    if step > numbers.std() / PRECISION:
        least = math.floor(numbers.min())
        raise UserError(
            f"--target: the numbers of {target!r} differ too little for their size: "
            f"subtract {least} from each, and add it to the answers"
        )


def as_classes(column: Column, usual: dict[str, str], where: str) -> Answers:
    """Return a column as classes to predict.

    Args:
        column: The target.
        usual: Of each cell the name of its class; others are missing.
        where: The column, for messages.
    """
    names = [usual.get(cell) for cell in column.values]
    has_class = np.array([name is not None for name in names])
    rows = np.flatnonzero(has_class[column.codes])
    found = [names[code] or "" for code in column.codes[rows].tolist()]
    labels, classes = number_classes(found, where)
    notes = note_on_rows(column, where.removeprefix("the column "), rows)
    if notes and "counts as missing" in notes[0]:
        notes[0] += "; write another word for it to make it a class"
    merged = [f"{cell} = {name}" for cell, name in usual.items() if cell != name]
    if merged:
        notes.append(f"one class in several spellings: {', '.join(merged[:5])}")
    return Answers(rows, labels, classes, notes)


def note_on_rows(column: Column, target: str, rows: np.ndarray) -> list[str]:
    """Return what to say of the rows that have nothing to predict."""
    without = len(column) - len(rows)
    name = target if target[:1] == "'" else repr(target)
    if not without:
        return []
    kept = set(column.codes[rows].tolist())
    none = [cell for code, cell in enumerate(column.values) if cell and code not in kept]
    counted = f": {', '.join(map(repr, none[:5]))} counts as missing" if none else ""
    return [f"left out: {rows_text(without)} without {name}{counted}"]
