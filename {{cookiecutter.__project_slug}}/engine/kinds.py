"""Which kind each column of a table is, found from its values, or said by the user."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from engine.cells import (
    COMPACT,
    MONTH_AS_NUMBER,
    ORDERS,
    PLAIN,
    SIMPLE,
    NumberFormat,
    clean_name,
    fitting_orders,
    fold,
    is_missing,
    is_na_a_word,
    is_none,
    learn_format,
    number_order,
    read_moment,
    split_number,
    to_number,
    unit_of,
)
from engine.names import quoted
from engine.settings import UserError
from engine.table import Column, check_column

IDENTIFIER = re.compile(
    r"((^|[^a-zA-Z])(id|index|uuid|guid)|(^|[^A-Z])ID|(^|[a-z])Id|번호)$|^Unnamed|^\(no name"
)
REPEATED_IDENTIFIER = re.compile(r"((^|[^a-zA-Z])(id|uuid|guid)|(^|[^A-Z])ID|(^|[a-z])Id|번호)$")
NUMBERED = re.compile(  # names of identifiers that may end otherwise, too
    r"(^|[^a-z])((order|invoice|receipt|student|customer|member|account|serial|employee|ticket|"
    r"phone|tel|mobile)[ _.-]?(no|nr|num|number)|no|nr|isbn|ean|upc|barcode|imei|ssn|phone|"
    r"telephone)\.?$|학번|사번|군번|순번|전화|휴대폰|핸드폰|연락처|바코드",
    re.I,
)
CODE = re.compile(
    r"(^|[^a-z])(zip|zip ?_?code|postal|post_?code|plz|우편번호|코드)([^a-z]|$)|"
    r"(?<!of)[ _.-]code$",
    re.I,
)
TIME_NAME = re.compile(r"date|time|날짜|일시|일자", re.I)
GAP_CODES = {float(sign + "9" * count) for sign in ("", "-") for count in range(2, 8)}
MOST_CATEGORIES = 20  # a column of words may have so many, or half as many as it has rows
ROWS_PER_CODE = 20  # an identifier that comes up so often each time is a category
MOST_ODD = 0.05  # this share of cells may be no number in a column of numbers
SHOWN_SPELLINGS = 3
LONGEST_SHOWN = 40
Kind = Literal["number", "date", "category", "left out"]


class Chosen(NamedTuple):
    """What the user says of columns: theirs are the names, and the target's may be among them."""

    categories: Collection[str] = ()
    numbers: Collection[str] = ()
    dates: Mapping[str, str] = {}  # with the order of day, month and year; "" finds it out


@dataclass(kw_only=True)
class Understood:
    """What was understood of a column."""

    kind: Kind
    names_owner: bool = False  # it names a thing that several rows are about
    missing: int = 0  # so many rows have no value
    different: int = 0  # so many different values there are
    examples: list[str] = field(default_factory=list)  # the first ones of these
    remarks: list[str] = field(default_factory=list)  # why, and with which flag it changes
    format: NumberFormat = field(default_factory=PLAIN.copy)  # of numbers
    order: str = "dmy"  # of dates: what 01.02.03 means
    none: list[str] = field(default_factory=list)  # odd cells that count as missing
    words: list[str] = field(default_factory=list)  # of categories: each in its usual spelling


def split_names(names: Sequence[str], known: Sequence[str], flag: str) -> list[str]:
    """Return the columns that were typed after a flag: `zip code`, or `zip,code`.

    Raises:
        UserError: There is no such column.
    """
    found = []
    for name in map(clean_name, names):
        if name in known:
            found.append(name)
            continue
        for part in name.split(","):
            check_column(known, part, flag)
            found.append(clean_name(part))
    return found


def choose(
    known: Sequence[str],
    categories: Sequence[str],
    numbers: Sequence[str],
    dates: Sequence[str],
) -> Chosen:
    """Return what the user says of columns.

    Args:
        known: The names of all columns.
        categories: What was typed after --categories.
        numbers: What was typed after --numbers.
        dates: What was typed after --dates: a name, or joined:mdy.

    Raises:
        UserError: There is no such column, or it stands behind two flags.
    """
    orders = {}
    for word in dates:
        name, colon, order = word.rpartition(":")
        if not colon or word in known or order not in ORDERS:
            name, order = word, ""
        for column in split_names([name], known, "--dates"):
            orders[column] = order
    chosen = Chosen(
        split_names(categories, known, "--categories"),
        split_names(numbers, known, "--numbers"),
        orders,
    )
    for name, count in Counter([name for names in chosen for name in names]).items():
        if count > 1:
            raise UserError(f"--categories, --numbers, --dates: {name!r} stands behind two of them")
    return chosen


def understand_table(table: dict[str, Column], chosen: Chosen) -> dict[str, Understood]:
    """Return what was understood of each column.

    Args:
        table: All rows, also those that will not be used: what counts the rows shows in these.
        chosen: What the user says of columns.

    Raises:
        UserError: A column cannot be what the user says.
    """
    found = {}
    for name, column in table.items():
        if name in chosen.categories:
            found[name] = as_chosen_category(column)
        elif name in chosen.numbers:
            found[name] = as_chosen_number(name, column)
        elif name in chosen.dates:
            found[name] = as_chosen_date(name, column, chosen.dates[name])
        else:
            found[name] = understand(name, column)
    return found


class Cells(NamedTuple):
    """The different cells of a column that hold something, and how many rows have each."""

    counts: dict[str, int]
    missing: int
    written: list[str]  # those that do not say that there is no number or no date

    @property
    def rows(self) -> int:
        """How many rows hold something."""
        return sum(self.counts.values())


def count_cells(column: Column) -> Cells:
    """Return the cells of a column that hold something."""
    counts = {}
    for cell, count in zip(column.values, column.counts().tolist(), strict=True):
        if count:
            counts[cell] = count
    empty = {cell: count for cell, count in counts.items() if is_missing(cell)}
    known = {cell: count for cell, count in counts.items() if cell not in empty}
    if "NA" in empty and is_na_a_word(known):
        known["NA"] = empty.pop("NA")
    written = [cell for cell in known if not is_none(cell)]
    return Cells(known, sum(empty.values()), written)


def understand(name: str, column: Column) -> Understood:
    """Return what a column is, found from its values and its name."""
    cells = count_cells(column)
    if not cells.counts:
        return Understood(kind="left out", missing=cells.missing, remarks=["empty"])
    for attempt in (as_date, as_number):
        found = attempt(name, column, cells)
        if found is not None:
            return found
    return as_words(name, column, cells)


def examples_of(cells: Sequence[str]) -> list[str]:
    """Return the first values, to show them."""
    return list(cells[:2])


# Dates


def as_date(name: str, column: Column, cells: Cells) -> Understood | None:
    """Return what was understood if a column holds dates or times of day, else None."""
    known = cells.written
    names_things = IDENTIFIER.search(name) or NUMBERED.search(name) or CODE.search(name)
    if names_things and all(map(SIMPLE.fullmatch, known)):
        return None  # the number of a student, such as 20240105
    looked_at = known[:50]
    good = [cell for cell in looked_at if is_date(cell)]
    if 2 * len(good) <= len(looked_at):
        return None
    odd = {cell: None for cell in known if not is_date(cell)}
    are_few = sum(cells.counts[cell] for cell in odd) <= MOST_ODD * cells.rows
    if odd and (not are_few or len(known) - len(odd) <= MOST_CATEGORIES):
        return None
    dates = [cell for cell in known if cell not in odd]
    orders = fitting_orders(dates)
    if not orders or mixed_time(dates, orders[0]) is not None:
        return None
    found = new_date(column, cells, dates, orders[0], list(odd))
    if len(orders) > 1:
        other = orders[1]
        names = {"dmy": "the day first", "mdy": "the month first", "ymd": "the year first"}
        flag = f'--dates "{name}:{other}"' if " " in name else f"--dates {name}:{other}"
        found.remarks.append(f"read with {names[orders[0]]}; {flag} for {names[other]}")
    return found


def is_date(cell: str) -> bool:
    """Return whether a cell holds a date or a time of day that is no plain number."""
    if SIMPLE.fullmatch(cell) and not (COMPACT.fullmatch(cell) or MONTH_AS_NUMBER.fullmatch(cell)):
        return False
    return any(read_moment(cell, order) is not None for order in ORDERS)


def mixed_time(cells: list[str], order: str) -> str | None:
    """Return a time of day without a date, if there are dates beside it."""
    alone = []
    for cell in cells:
        moment = read_moment(cell, order)
        if moment is not None and moment.date is None:
            alone.append(cell)
    return alone[0] if 0 < len(alone) < len(cells) else None


def new_date(
    column: Column, cells: Cells, dates: list[str], order: str, odd: list[str]
) -> Understood:
    """Return what was understood of a column of dates, or "left out" if it is always the same."""
    rows = sum(cells.counts[cell] for cell in dates)
    missing = len(column) - rows
    different = len(dates)
    if different < MOST_CATEGORIES:  # some may be the same day, written in two ways
        different = len({read_moment(cell, order) for cell in dates})
    found = Understood(
        kind="date",
        missing=missing,
        different=different,
        examples=examples_of(dates),
        order=order,
        none=odd,
    )
    if different == 1 and not missing:
        found.kind = "left out"
        found.remarks.append("always the same")
    found.remarks += remarks_on_missing(column, cells, odd)
    return found


def as_chosen_date(name: str, column: Column, order: str) -> Understood:
    """Return what was understood of a column that the user says holds dates."""
    cells = count_cells(column)
    known = cells.written
    counted = "" if order or any(map(is_date, known)) else number_order(known)
    if counted:
        found = new_date(column, cells, known, counted, [])
        moment = read_moment(known[0], counted)
        if moment is not None:
            found.remarks.append(f"{known[0]} is {moment.date} ({counted})")
        return found
    for cell in known:
        if read_moment(cell, order or "dmy") is None and (order or not is_date(cell)):
            form = f" in the order {order}" if order else ""
            raise UserError(
                f"--dates: row {column.row_of(cell)}: {name} is {cell!r}, no date{form}"
            )
    orders = [order] if order else fitting_orders(known)
    if not orders:
        raise UserError(f"--dates: {name} has the day first in some rows, the month in others")
    time = mixed_time(known, orders[0])
    if time is not None:
        row = column.row_of(time)
        raise UserError(f"--dates: row {row}: {name} is {time!r}, a time without a date")
    return new_date(column, cells, known, orders[0], [])


# Numbers


def as_number(name: str, column: Column, cells: Cells) -> Understood | None:
    """Return what was understood if a column is written in numbers, else None."""
    known = cells.written
    if not known or any(is_padded(cell) for cell in known):
        return None
    format = learn_format(known)
    if format is None:
        return None
    numbers = {cell: to_number(cell, format) for cell in known}
    odd = [cell for cell, number in numbers.items() if number is None]
    are_few = sum(cells.counts[cell] for cell in odd) <= MOST_ODD * cells.rows
    if odd and (not are_few or len(known) - len(odd) <= MOST_CATEGORIES):
        return None
    found = new_number(column, cells, format, numbers)
    if found.kind == "left out":
        return found
    in_rows = np.array([numbers.get(cell) for cell in column.values], dtype=float)[column.codes]
    identifier = identifier_kind(name, in_rows[~np.isnan(in_rows)], found.different)
    if identifier is not None:
        identifier.missing = found.missing
        identifier.different = found.different
        identifier.examples = found.examples
        identifier.words = usual_spellings(cells)
        return identifier
    counted = number_order(known) if TIME_NAME.search(name) else ""
    if counted:
        found.remarks.append(f"--dates {quoted(name)} reads them as dates ({counted})")
    return found


def new_number(
    column: Column, cells: Cells, format: NumberFormat, numbers: dict[str, float | None]
) -> Understood:
    """Return what was understood of a column of numbers, or "left out" if it is always the same.

    Args:
        column: The column.
        cells: What is in it.
        format: How it writes numbers.
        numbers: The number in each cell that says that there is one; None where it is odd.
    """
    good = {cell: number for cell, number in numbers.items() if number is not None}
    odd = [cell for cell, number in numbers.items() if number is None]
    missing = len(column) - sum(cells.counts[cell] for cell in good)
    found = Understood(
        kind="number",
        missing=missing,
        different=len(set(good.values())),
        examples=examples_of(list(good)),
        format=format,
        none=odd,
    )
    if found.different == 1 and not missing:
        found.kind = "left out"
        found.remarks.append(f"always {found.examples[0]}")
        return found
    found.remarks += remarks_on_format(cells, good, format)
    found.remarks += remarks_on_gap_codes(cells, good)
    found.remarks += remarks_on_missing(column, cells, odd)
    return found


def as_chosen_number(name: str, column: Column) -> Understood:
    """Return what was understood of a column that the user says holds numbers."""
    cells = count_cells(column)
    known = cells.written
    format = learn_format(known)
    if format is None:
        raise UserError(f"--numbers: {name} has mixed units: {units_in(known)}")
    numbers = {cell: to_number(cell, format) for cell in known}
    for cell, number in numbers.items():
        if number is None:
            raise UserError(f"--numbers: row {column.row_of(cell)}: {name} is {cell!r}, no number")
    if not known:
        raise UserError(f"--numbers: {name} has no number in any row")
    return new_number(column, cells, format, numbers)


def is_padded(cell: str) -> bool:
    """Return whether a cell is a code such as 01234: as a number it would lose its zero."""
    return len(cell) > 1 and cell[0] == "0" and cell.isdigit()


def identifier_kind(name: str, numbers: np.ndarray, different: int) -> Understood | None:
    """Return what to do with a column of numbers that are only names for something, else None.

    Args:
        name: The column's.
        numbers: (N,) in the order of the rows.
        different: How many different ones.
    """
    count = len(numbers)
    if count < 2 or (numbers % 1 != 0).any():
        return None
    keeps = f"--numbers {quoted(name)} keeps it"
    if different == count:
        first = numbers.min()
        is_counting = numbers.max() - first == count - 1
        in_order = count >= 10 and bool((np.abs(np.diff(numbers)) == 1).all())
        are_years = 1500 <= first <= 2200
        if is_counting and (first in (0, 1) or (in_order and not are_years)):
            return Understood(kind="left out", remarks=[f"counts the rows; {keeps}"])
        if IDENTIFIER.search(name) or NUMBERED.search(name):
            remark = f"an identifier, different in every row; {keeps}"
            return Understood(kind="left out", remarks=[remark])
    if CODE.search(name):
        if different <= max(MOST_CATEGORIES, count / 2):
            remark = f"codes, by the name; --numbers {quoted(name)} for numbers"
            return Understood(kind="category", remarks=[remark])
        return Understood(kind="left out", remarks=[f"codes, almost all different; {keeps}"])
    if different > MOST_CATEGORIES and (REPEATED_IDENTIFIER.search(name) or NUMBERED.search(name)):
        return repeated_identifier(name, count, different)
    if 2 < different < count and REPEATED_IDENTIFIER.search(name):
        remark = f"names of things, by the name; --numbers {quoted(name)} for numbers"
        return Understood(kind="category", remarks=[remark])
    return None


def repeated_identifier(name: str, count: int, different: int) -> Understood:
    """Return what to do with the name of a thing that several rows are about."""
    together = f"--split-by {quoted(name)} keeps the rows of one together"
    if different * ROWS_PER_CODE <= count:
        remark = f"an identifier that repeats: {together}, --drop {quoted(name)} leaves it out"
        return Understood(kind="category", names_owner=True, remarks=[remark])
    remark = f"an identifier that repeats: {together}; --categories {quoted(name)} keeps it"
    return Understood(kind="left out", names_owner=True, remarks=[remark])


def repeated_identifiers(understood: dict[str, Understood]) -> list[str]:
    """Return the names of the columns that name a thing which several rows are about."""
    return [name for name, column in understood.items() if column.names_owner]


def leave_out_group(understood: dict[str, Understood], name: str, chosen: Chosen) -> None:
    """Let the column that decides on the split be no input, unless the user says what it holds.

    Whose a row is says nothing of those to come.

    Args:
        understood: Of each column; it may lack this one, which was dropped.
        name: What was typed after --split-by.
        chosen: What the user says of columns.
    """
    name = clean_name(name)
    if name in understood and name not in (*chosen.categories, *chosen.numbers, *chosen.dates):
        remark = f"decides on the split; --categories {quoted(name)} has it as an input, too"
        understood[name].kind = "left out"
        understood[name].remarks = [remark]


# Words


def as_words(name: str, column: Column, cells: Cells) -> Understood:
    """Return what was understood of a column of words."""
    words = usual_spellings(cells)
    found = Understood(
        kind="category",
        missing=cells.missing,
        different=len(words),
        examples=examples_of(words),
        words=words,
    )
    found.remarks += remarks_on_codes(column, cells)
    found.remarks += remarks_on_spellings(name, cells)
    known = list(cells.counts)
    if len(words) == 1 and not cells.missing:
        found.kind = "left out"
        found.remarks = [f"always {words[0]!r}"]
        return found
    is_id = REPEATED_IDENTIFIER.search(name) is not None or name == "(no name)"
    if is_id and len(words) == cells.rows and cells.rows > 1:
        found.kind = "left out"
        found.remarks.append(
            f"an identifier, different in every row; --categories {quoted(name)} keeps it"
        )
        return found
    if is_id and len(words) > MOST_CATEGORIES:
        repeated = repeated_identifier(name, cells.rows, len(words))
        found.kind = repeated.kind
        found.names_owner = repeated.names_owner
        found.remarks += repeated.remarks
        return found
    if any(is_padded(cell) for cell in known):
        found.remarks.append(f"codes with leading zeros; --numbers {quoted(name)} for numbers")
    found.remarks += remarks_on_odd_numbers(known, column)
    if len(words) > max(MOST_CATEGORIES, cells.rows / 2):
        found.kind = "left out"
        if not found.remarks:
            found.remarks.append("a text of its own in almost every row")
        found.remarks.append(f"--categories {quoted(name)} keeps it")
    return found


def as_chosen_category(column: Column) -> Understood:
    """Return what was understood of a column that the user says holds categories: as written."""
    cells = count_cells(column)
    words = sorted(cells.counts)
    return Understood(
        kind="category",
        missing=cells.missing,
        different=len(words),
        examples=examples_of(list(cells.counts)),
        words=words,
        remarks=[] if words else ["empty"],
    )


def usual_spellings(cells: Cells) -> list[str]:
    """Return the different words of a column, each in its most frequent spelling."""
    usual: dict[str, str] = {}
    for cell, count in cells.counts.items():
        folded = fold(cell)
        if folded not in usual or count > cells.counts[usual[folded]]:
            usual[folded] = cell
    return list(usual.values())


# What is said


def shortened(cell: str) -> str:
    """Return a cell between quotation marks, the beginning of a long one alone."""
    return repr(cell if len(cell) <= LONGEST_SHOWN else cell[:LONGEST_SHOWN] + "\u2026")


def remarks_on_format(cells: Cells, numbers: dict[str, float], format: NumberFormat) -> list[str]:
    """Return what to say of how numbers are written.

    Args:
        cells: What is in the column.
        numbers: The number in each cell.
        format: Of them.
    """
    if format == PLAIN and all(map(SIMPLE.fullmatch, numbers)):
        return []
    remarks = []
    if format["unit"]:
        bare = sum(cells.counts[cell] for cell in numbers if has_no_unit(cell))
        without = f" ({rows_text(bare)} without it)" if bare else ""
        remarks.append(f"in {format['unit']}{without}")
    for cell, number in numbers.items():
        plain = cell.replace(format["unit"], "").strip()
        if not (SIMPLE.fullmatch(plain) and float(plain) == number):
            remarks.append(f"{cell} is {number:.15g}")
            break
    return remarks


def has_no_unit(cell: str) -> bool:
    """Return whether a cell is a number with nothing beside it."""
    token = split_number(cell)
    return token is not None and not token.before and not token.after


def remarks_on_missing(column: Column, cells: Cells, odd: list[str]) -> list[str]:
    """Return what to say of words that count as missing."""
    remarks = []
    if len(cells.written) < len(cells.counts):
        none = [cell for cell in cells.counts if is_none(cell)]
        count = sum(cells.counts[cell] for cell in none)
        shown = ", ".join(repr(cell) for cell in none[:SHOWN_SPELLINGS])
        remarks.append(f"missing: {shown} in {rows_text(count)}")
    if odd:
        count = sum(cells.counts[cell] for cell in odd)
        first = odd[0]
        remarks.append(
            f"taken as missing: {shortened(first)} in row {column.row_of(first)}"
            + (f" and {rows_text(count - 1, 'other ')}" if count > 1 else "")
        )
    return remarks


def remarks_on_codes(column: Column, cells: Cells) -> list[str]:
    """Return what to say of codes that count as missing beside words, such as N/A."""
    counts = dict(zip(column.values, column.counts().tolist(), strict=True))
    codes = [cell for cell, count in counts.items() if count and cell and cell not in cells.counts]
    if not codes:
        return []
    shown = ", ".join(map(repr, codes[:SHOWN_SPELLINGS]))
    return [f"missing: {shown} in {rows_text(sum(counts[cell] for cell in codes))}"]


def remarks_on_gap_codes(cells: Cells, numbers: dict[str, float]) -> list[str]:
    """Return what to say of a number such as -999 or 9999, far from all others, in several rows.

    Args:
        cells: What is in the column.
        numbers: The number in each cell.
    """
    for cell, number in numbers.items():
        if number not in GAP_CODES or cells.counts[cell] < 2:
            continue
        others = [other for other in numbers.values() if other != number]
        spread = max(others, default=number) - min(others, default=number)
        if spread and min(abs(number - other) for other in others) > spread:
            rows = rows_text(cells.counts[cell])
            return [f"{cell} in {rows}: if that means missing, empty these cells"]
    return []


def rows_text(count: int, more: str = "") -> str:
    """Return "1 row" or "5 rows"."""
    return f"{count:,} {more}row{'' if count == 1 else 's'}"


def remarks_on_spellings(name: str, cells: Cells) -> list[str]:
    """Return what to say of words that are written in several ways."""
    spellings: dict[str, list[str]] = {}
    for cell in cells.counts:
        spellings.setdefault(fold(cell), []).append(cell)
    merged = [same for same in spellings.values() if len(same) > 1]
    if not merged:
        return []
    shown = " = ".join(merged[0][:SHOWN_SPELLINGS])
    more = f", and {len(merged) - 1} more" if len(merged) > 1 else ""
    return [f"the same: {shown}{more}; --categories {quoted(name)} keeps them apart"]


def remarks_on_odd_numbers(known: list[str], column: Column) -> list[str]:
    """Return what to say of words most of which are numbers: other units, or odd ones."""
    tokens = [cell for cell in known if split_number(cell) is not None]
    if 2 * len(tokens) <= len(known) or any(is_padded(cell) for cell in known):
        return []
    if learn_format(tokens) is None:
        return [f"mixed units: {units_in(tokens)}; write them all in one for numbers"]
    odd = next((cell for cell in known if cell not in set(tokens) and not is_none(cell)), None)
    return [] if odd is None else [f"no numbers: {shortened(odd)} in row {column.row_of(odd)}"]


def units_in(cells: list[str]) -> str:
    """Return the units of a column, the most frequent ones first."""
    units: Counter[str] = Counter()
    for cell in cells:
        token = split_number(cell)
        if token is not None:
            units[unit_of(token, multiplies=False) or "none"] += 1
    return ", ".join(unit for unit, _ in units.most_common(SHOWN_SPELLINGS))
