"""How the rows of a table are split: by group, by time, and with identical rows together.

What goes wrong otherwise: scikit-learn.org/stable/common_pitfalls.html, "Data leakage".
"""

import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.cells import (
    ORDERS,
    clean_name,
    fitting_orders,
    fold,
    is_missing,
    is_none,
    learn_format,
    part_of,
    read_moment,
    to_number,
)
from engine.names import quoted
from engine.settings import UserError
from engine.splits import PARTS, Split, check_split, group_identical, split_by_time, split_indices
from engine.table import Column, check_column

FEWEST_DIFFERENT = 10  # with fewer different rows, identical ones are no copies of each other
ALIKE_BY_CHANCE = 5  # so many rows of each on average, and answers that differ: no copies either
NO_GROUP = -1  # in place of the number of a group
FEWEST_STEPS = 4  # from one time to another: fewer are in order by chance
NEARLY = 0.9  # so much of a perfect order, and the rows count as sorted
FEWEST_OWNERS = 10  # a column with fewer values says of which kind a row is, not whose
TIME_NAME = re.compile(
    r"^(time|year|epoch)$|date|timestamp|unix.?time|(^|[ _])year$|날짜|일시|일자|연도|년도",
    re.IGNORECASE,
)
OWNER_NAME = re.compile(
    r"(^|[^a-zA-Z])(id|ID|Id)$|[a-z]I[dD]$|번호$|^(환자|학생|사용자|고객|회원|피험자)|"
    r"^(?i:patient|subject|user|customer|client|person|student|player|participant|household)"
    r"([ _-]?(id|no|nr|number|code|name))?$",
)
ORDER_NAMES = {"dmy": "the day", "mdy": "the month", "ymd": "the year"}


@dataclass(frozen=True)
class SplitColumn:
    """The column that decides on the split."""

    flag: str  # what the user typed: --split-by or --split-time
    name: str
    column: Column
    times: np.ndarray | None = None  # (N,) of --split-time, in any unit; NaN where one is missing
    note: str = ""  # a line for the user: how the times were read

    @property
    def where(self) -> str:
        """What decided on the split, for messages."""
        return f"{self.flag} {self.name}"

    def has_place(self, row: int) -> bool:
        """Return whether a row can be in a part: it has a time where that decides."""
        return self.times is None or not np.isnan(self.times[row])

    def keep(self, rows: Sequence[int]) -> "SplitColumn":
        """Return the column with these rows alone."""
        kept = np.asarray(rows, dtype=np.int64)
        times = None if self.times is None else self.times[kept]
        return SplitColumn(self.flag, self.name, self.column.take(kept), times, self.note)


class RowSplit(NamedTuple):
    """Which rows are in which part."""

    split: Split
    notes: list[str]  # lines for the user


def find_split_column(
    table: Mapping[str, Sequence[str]],
    split_by: str | None,
    split_time: str | None,
    target: str,
    orders: Mapping[str, str] | None = None,
) -> SplitColumn | None:
    """Return the column that decides on the split; None where none was named.

    Args:
        table: All columns.
        split_by: The name of a column: rows with the same value stay together.
        split_time: The name of a column of dates or numbers: the latest rows test.
        target: The column to predict, which cannot be it.
        orders: Of columns of dates what the user says of them: "dmy", "mdy", "ymd"; "" finds it
            out.

    Raises:
        UserError: Both are named, there is no such column, or it holds no times.
    """
    if split_by is not None and split_time is not None:
        raise UserError("--split-by and --split-time exclude each other: name one of them")
    if split_by is not None:
        flag, name = "--split-by", split_by
    elif split_time is not None:
        flag, name = "--split-time", split_time
    else:
        return None
    check_column(table, name, flag)
    name = clean_name(name)
    if name == target:
        raise UserError(f"{flag}: {name!r} is the column to predict: name another one")
    column = Column.of(table[name])
    if split_by is not None:
        return SplitColumn(flag, name, column)
    return read_times(name, column, (orders or {}).get(name, ""))


def read_times(name: str, column: Column, order: str = "") -> SplitColumn:
    """Return a column of dates or numbers as times.

    Args:
        name: The column's.
        column: Its cells.
        order: "dmy", "mdy" or "ymd": what 01.02.03 means; "" finds it out.

    Raises:
        UserError: A cell holds neither, or a time of day alone; its row is named.
    """
    flag = "--split-time"
    different = [cell for cell in column.values if not is_none(cell)]
    if not different:
        raise UserError(f"{flag}: the column {name!r} is empty")
    times: dict[str, float | None] = {}
    note = ""
    orders = [order] if order else fitting_orders(different)
    if orders:
        for cell in different:
            moment = read_moment(cell, orders[0])
            if moment is not None and moment.date is not None:
                times[cell] = part_of(moment, "days")
        if len(orders) > 1:
            first = ORDER_NAMES[orders[0]]
            note = f"dates in {name}: read with {first} first, which nothing in it tells"
    else:
        form = learn_format(different)
        if form is not None:
            times = {cell: to_number(cell, form) for cell in different}
    odd = [cell for cell in different if times.get(cell) is None]
    if odd:  # among dates that which is none, not the first date
        no_dates = [cell for cell in odd if not any(read_moment(cell, order) for order in ORDERS)]
        cell = (no_dates or odd)[0]
        raise UserError(
            f"{flag}: row {column.row_of(cell)}: {name} is {cell!r}: "
            "a column of dates in one form, or of numbers, is needed"
        )
    values = np.array([times.get(cell) for cell in column.values], dtype=float)  # None is NaN
    return SplitColumn(flag, name, column, values[column.codes], note)


def group_same_inputs(columns: Iterable[Sequence[str]], rows: int) -> Tensor:
    """Return the same number for rows that say the same in each column: (N,) int64.

    1.0 is the same as 1, Yes the same as yes, and an empty cell the same as NA.

    Args:
        columns: Those that the model gets.
        rows: How many they have. Without a column they are all different.
    """
    same = None
    for cells in columns:
        column = Column.of(cells)
        codes = torch.from_numpy(column.codes.astype(np.int64))
        codes = group_identical(cell_keys(column.values))[codes]
        if same is None:
            same = codes
        else:  # what has been the same so far, and is the same here, too
            _, same = torch.unique(same * (codes.max() + 1) + codes, return_inverse=True)
        if int(same.max()) + 1 == rows:
            break  # all are different already
    return torch.arange(rows) if same is None else same


def cell_keys(values: Sequence[str]) -> list[Hashable]:
    """Return what each value of a column is known by: the same where it is read as the same.

    Numbers are known by what they are; but 01 is a code, another one than 1.
    """
    present = [value for value in values if not is_none(value)]
    form = learn_format(present)
    numbers: dict[str, float | None] = {}
    if form is not None and not any(re.fullmatch(r"0\d+", value) for value in present):
        numbers = {value: to_number(value, form) for value in present}
    are_numbers = 2 * sum(number is not None for number in numbers.values()) > len(present)
    keys: list[Hashable] = []
    for value in values:
        number = numbers.get(value)
        if is_missing(value) or (are_numbers and is_none(value)):
            keys.append(None)
        elif are_numbers and number is not None:
            keys.append(number)
        else:
            keys.append(fold(value))
    return keys


def split_rows(
    labels: Tensor, classes: list[str], same: Tensor, column: SplitColumn | None
) -> RowSplit:
    """Return which rows train, validate and test, and what is said of it.

    Identical rows are kept together, unless a column decides on the split.

    Args:
        labels: (N,) class numbers, or numbers to predict.
        classes: The names of the classes; none for numbers.
        same: (N,) rows with equal inputs have the same number.
        column: What find_split_column returned, with these rows alone.

    Raises:
        UserError: There are too few groups or times, or a class has no training example.
    """
    if column is None:
        return split_with_copies(labels, classes, same)
    notes = [column.note] if column.note else []
    if column.times is None:
        split = split_by_column(labels, column)
        notes.append(describe_groups(column, split))
    else:
        try:
            split = split_by_time(torch.from_numpy(column.times))
        except UserError as error:
            raise UserError(f"{column.where}: {error}") from error
        notes.append(describe_times(column, split))
    notes += check_split(split, labels, classes, column.where)
    said = describe_copies(labels, same)
    if said:
        notes.append(f"{said}; {describe_leaks(same, split)}")
    return RowSplit(split, notes)


def split_with_copies(labels: Tensor, classes: list[str], same: Tensor) -> RowSplit:
    """Return the split where no column decides: identical rows stay together.

    Where a table has few columns of few values, rows are equal by chance, not copied. Then they
    are split as if they were different: with fewer than 10 different rows, or where there are
    five or more of each on average, and most have one beside them with another answer.
    """
    said = describe_copies(labels, same)
    if not said:
        return RowSplit(split_indices(labels), [])
    different = len(same.unique())
    contradict = count_contradicting(labels, same) > len(labels) / 2
    if different < FEWEST_DIFFERENT or (contradict and len(labels) >= ALIKE_BY_CHANCE * different):
        split = split_indices(labels)
        said += (
            f"; with {different:,} different ones in all they are no copies, so they are not kept "
        )
        said += f"together: {describe_leaks(same, split)}"
        return RowSplit(split, [said])
    split = split_indices(labels, same)
    notes = [f"{said}; they are kept together in one part"]
    notes += check_split(split, labels, classes, "identical rows are kept together")
    return RowSplit(split, notes)


def describe_copies(labels: Tensor, same: Tensor) -> str:
    """Return how many rows are identical, and how many of them differ in the answer; or ""."""
    counts = same.bincount()
    copies = int(counts[counts > 1].sum())
    if not copies:
        return ""
    said = f"identical rows: {copies:,} have the same inputs as another one"
    contradicting = count_contradicting(labels, same)
    if contradicting:
        said += f", {contradicting:,} of them with another answer"
    return said


def count_contradicting(labels: Tensor, same: Tensor) -> int:
    """Return how many rows have another row with equal inputs and another label beside them."""
    count = int(same.max()) + 1
    values = labels.double()
    least = torch.full((count,), float("inf"), dtype=torch.double)
    most = -least
    least.scatter_reduce_(0, same, values, "amin")
    most.scatter_reduce_(0, same, values, "amax")
    return int((least < most)[same].sum())


def split_by_column(labels: Tensor, column: SplitColumn) -> Split:
    """Return a split with each group in one part; a row without a group is one of its own."""
    groups = torch.from_numpy(group_numbers(column.column))
    alone = groups == NO_GROUP
    if alone.all():
        raise UserError(f"{column.flag}: the column {column.name!r} is empty")
    groups[alone] = len(column.column.values) + torch.arange(int(alone.sum()))
    different = len(groups.unique())
    if different < len(PARTS):
        raise UserError(
            f"{column.where}: it has {different} different values: "
            "training, validation and test need 3 or more"
        )
    return split_indices(labels, groups)


def group_numbers(column: Column) -> np.ndarray:
    """Return the number of each row's group (N,) int64: of P1 and p1 the same; NO_GROUP without."""
    keys = cell_keys(column.values)
    numbers = group_identical(keys).numpy()
    numbers[[key is None for key in keys]] = NO_GROUP
    return numbers[column.codes]


def describe_groups(column: SplitColumn, split: Split) -> str:
    """Return the line that says how many groups are in each part."""
    groups = group_numbers(column.column)
    counts = []
    for name, indices in zip(PARTS, split, strict=True):
        numbers = groups[indices.numpy()]
        counts.append(f"{len(np.unique(numbers[numbers != NO_GROUP]))} {name}")
    line = f"split by {column.name}: {', '.join(counts)} groups"
    if len(np.unique(groups)) == len(groups):
        line += "; its values are all different, so it keeps nothing together"
    alone = np.count_nonzero(groups == NO_GROUP)
    if alone:
        line += f"; {alone:,} rows without one are one each"
    return line


def describe_times(column: SplitColumn, split: Split) -> str:
    """Return the line that says from when to when each part goes."""
    assert column.times is not None
    spans = []
    for name, indices in zip(PARTS, split, strict=True):
        rows = indices.numpy()
        first = column.column[rows[column.times[rows].argmin()]]
        last = column.column[rows[column.times[rows].argmax()]]
        spans.append(f"{name} {first}" if first == last else f"{name} {first} to {last}")
    return f"split by time: {', '.join(spans)}"


def describe_leaks(same: Tensor, split: Split) -> str:
    """Return how many test rows have the inputs of a training row."""
    trained = torch.zeros(int(same.max()) + 1, dtype=torch.bool)
    trained[same[split.train]] = True
    known = int(trained[same[split.test]].sum())
    return f"{known:,} of {len(split.test):,} test rows are in training, too"


def describe_untimed(column: SplitColumn) -> list[str]:
    """Return a line that names the rows without a time, if there are any."""
    if column.times is None:
        return []
    rows = np.flatnonzero(np.isnan(column.times)).tolist()
    if not rows:
        return []
    named = ", ".join(str(row + 1) for row in rows[:5])
    more = ", ..." if len(rows) > 5 else ""
    return [f"left out: {len(rows):,} rows without a time in {column.name!r}: row {named}{more}"]


def advise_on_split(
    table: Mapping[str, Sequence[str]], target: str, named: Collection[str] = ()
) -> list[str]:
    """Return lines that suggest another split, where the table looks like one for it.

    Args:
        table: All columns.
        target: The column to predict, which cannot decide.
        named: Columns of which something is said already.
    """
    columns = {}
    for name, cells in table.items():
        if name != target and name not in named:
            columns[name] = Column.of(cells)
    dates = [name for name, column in columns.items() if begins_with_date(column)]
    # Numbers count as times by their name alone, and where no column has dates.
    times = dates or [name for name in columns if TIME_NAME.search(name)]
    ordered = [name for name in times if is_in_order_of_time(name, columns[name])]
    repeated = [name for name in columns if is_repeated_identifier(name, columns[name])]
    lines = []
    if ordered:
        lines.append(
            f"note: the rows are in the order of {ordered[0]!r}: to test on the latest, "
            f"as with rows to come, add --split-time {quoted(ordered[0])}"
        )
    if repeated:
        column = columns[repeated[0]]
        different = len(set(group_numbers(column).tolist()) - {NO_GROUP})
        lines.append(
            f"note: {repeated[0]!r} has {different:,} values in {len(column):,} rows: "
            f"to test on those that training has not seen, add --split-by {quoted(repeated[0])}"
        )
    return lines


def begins_with_date(column: Column) -> bool:
    """Return whether the first cell that is not empty holds a date."""
    first = next((cell for cell in column.values if not is_none(cell)), "")
    moment = read_moment(first)
    return moment is not None and moment.date is not None


def is_in_order_of_time(name: str, column: Column) -> bool:
    """Return whether the rows are sorted by a column of times, or nearly.

    The days may be in order where the hours are not.
    """
    try:
        times = read_times(name, column).times
    except UserError:
        return False  # it holds something else, too
    assert times is not None
    known = times[~np.isnan(times)]
    return max(order_of(known), order_of(np.floor(known))) >= NEARLY


def order_of(values: np.ndarray) -> float:
    """Return how near values (N,) are to being sorted, up or down: 1 if they are.

    It is the share of the steps from one to the next that go the same way, as in shop after shop,
    day after day; or else how the values correlate with their places, as where several sources
    were merged.
    """
    steps = np.diff(values)
    steps = steps[steps != 0]
    if len(steps) < FEWEST_STEPS:
        return 0.0
    later = np.count_nonzero(steps > 0) / len(steps)
    _, ranks = np.unique(values, return_inverse=True)
    on_the_whole = abs(np.corrcoef(np.arange(len(values)), ranks)[0, 1])
    return float(max(later, 1 - later, on_the_whole))


def is_repeated_identifier(name: str, column: Column) -> bool:
    """Return whether a column says whose a row is, and most have several rows."""
    if not OWNER_NAME.search(name):
        return False
    groups = group_numbers(column)
    known = groups[groups != NO_GROUP]
    return FEWEST_OWNERS <= len(np.unique(known)) <= len(known) / 2
