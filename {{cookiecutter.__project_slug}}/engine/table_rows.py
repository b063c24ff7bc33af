"""What a table is understood to hold: which rows are used, what they predict, and who tests."""

from typing import NamedTuple, Protocol

from torch import Tensor

from engine.cells import clean_name
from engine.columns import LearnedColumns, learn_columns
from engine.kinds import (
    choose,
    leave_out_group,
    repeated_identifiers,
    split_names,
    understand_table,
)
from engine.overview import overview
from engine.settings import UserError
from engine.splits import Split, fingerprint
from engine.table import Column, take_column
from engine.table_splits import (
    advise_on_split,
    describe_untimed,
    find_split_column,
    group_same_inputs,
    split_rows,
)
from engine.target import read_answers


class TableSettings(Protocol):
    """What config.py says of a table."""

    @property
    def regression(self) -> bool:
        """Whether numbers are predicted even if there are few different ones."""

    @property
    def drop(self) -> tuple[str, ...]:
        """Columns to leave out."""

    @property
    def categories(self) -> tuple[str, ...]:
        """Columns of which each value is a category."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Columns of numbers."""

    @property
    def dates(self) -> tuple[str, ...]:
        """Columns of dates."""

    @property
    def split_by(self) -> str | None:
        """The column that names the group of a row."""

    @property
    def split_time(self) -> str | None:
        """The column that says when a row was."""


class TableRows(NamedTuple):
    """The rows of a table that are used, and what was understood of them."""

    table: dict[str, Column]  # the columns to predict from
    labels: Tensor  # (N,) int64 class numbers, or float32 numbers
    classes: list[str]  # the names of the classes; empty where numbers are predicted
    split: Split  # which rows train, validate and test
    learned: LearnedColumns  # how the columns become numbers and categories: from training rows
    notes: list[str]  # lines for the user
    fingerprint: str  # another text for other rows, or another split


def understand_rows(table: dict[str, Column], target: str, settings: TableSettings) -> TableRows:
    """Return the rows that are used, what they predict, and which of them train.

    Args:
        table: All columns of the file, and all rows.
        target: The name of the column to predict.
        settings: What the user says of columns.

    Raises:
        UserError: A column that is named is not there, or nothing can be learned.
    """
    target = clean_name(target)
    chosen = choose(list(table), settings.categories, settings.numbers, settings.dates)
    split_column = find_split_column(
        table, settings.split_by, settings.split_time, target, chosen.dates
    )
    inputs = dict(table)
    for name in split_names(settings.drop, list(table), "--drop"):
        if name == target:
            raise UserError(f"--drop: {name!r} is the column to predict")
        take_column(inputs, name, "--drop")  # removed, and not looked at
    targets = take_column(inputs, target, "--target")
    if target in chosen.dates:
        raise UserError(f"--dates: {target!r} is the column to predict, which cannot be a date")

    # Which kind each column is: found on all rows, so that what just counts them shows.
    understood = understand_table(inputs, chosen)
    if settings.split_by is not None:
        leave_out_group(understood, settings.split_by, chosen)
    notes = overview(understood, len(targets))

    # Rows without a target teach nothing; without a time they are neither early nor late.
    regression = settings.regression or target in chosen.numbers
    answers = read_answers(targets, target, regression, as_written=target in chosen.categories)
    notes += answers.notes
    if split_column is None:
        notes += advise_on_split(table, target, repeated_identifiers(understood))
    else:
        notes += describe_untimed(split_column)
        answers = answers.keep(split_column.has_place)
        split_column = split_column.keep(answers.rows.tolist())
    rows = {name: column.take(answers.rows) for name, column in inputs.items()}

    used = [column for name, column in rows.items() if understood[name].kind != "left out"]
    same = group_same_inputs(used, len(answers.labels))
    split, notes_on_split = split_rows(answers.labels, answers.classes, same, split_column)
    contents = [(name, column.fingerprint()) for name, column in rows.items()]
    return TableRows(
        table=rows,
        labels=answers.labels,
        classes=answers.classes,
        split=split,
        learned=learn_columns(rows, split.train.tolist(), understood),
        notes=notes + notes_on_split,
        fingerprint=fingerprint(
            contents, answers.labels.tolist(), [part.tolist() for part in split]
        ),
    )
