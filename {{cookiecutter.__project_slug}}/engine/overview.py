"""The table of what was understood of a person's table, printed before training."""

import unicodedata
from collections import Counter

from engine.kinds import Understood

SHOWN = 20  # columns that have a line of their own
SHOWN_PLAIN = 5  # of more columns, so many of which there is nothing to say
WIDEST = 28  # characters of a name or an example
HEAD = ["column", "kind", "missing", "different", "for example", ""]


def overview(columns: dict[str, Understood], rows: int) -> list[str]:
    """Return lines that say what was understood of each column.

    Of more columns than fit, those have a line of which there is something to say.

    Args:
        columns: From understand_table.
        rows: How many the table has.
    """
    shown = choose_columns(columns)
    cells = [HEAD]
    for name in shown:
        column = columns[name]
        cells.append(
            [
                shorten(name),
                column.kind,
                share(column.missing, rows),
                f"{column.different:,}",
                examples_text(column.examples),
                "; ".join(column.remarks),
            ]
        )
    lines = align(cells)
    rest = Counter(column.kind for name, column in columns.items() if name not in shown)
    if rest:
        counts = ", ".join(f"{kind} {count}" for kind, count in rest.most_common())
        lines.append(f"  and {sum(rest.values()):,} more columns: {counts}")
    count = "1 column" if len(columns) == 1 else f"{len(columns):,} columns"
    return [f"the table: {rows:,} rows, {count} to predict from", *lines]


def choose_columns(columns: dict[str, Understood]) -> list[str]:
    """Return the names of the columns that are shown, in their order."""
    if len(columns) <= SHOWN:
        return list(columns)
    ranks = {}
    for name, column in columns.items():
        if column.kind == "left out":
            ranks[name] = 0
        elif column.remarks:
            ranks[name] = 1
        elif column.missing:
            ranks[name] = 2
        else:
            ranks[name] = 3
    notable = [name for name in columns if ranks[name] < 3]
    plain = [name for name in columns if ranks[name] == 3]
    chosen = [*sorted(notable, key=lambda name: ranks[name]), *plain[:SHOWN_PLAIN]][:SHOWN]
    return [name for name in columns if name in chosen]


def examples_text(examples: list[str]) -> str:
    """Return some values side by side."""
    shown = [shorten(example, WIDEST // 2) for example in examples]
    between = " | " if any("," in example for example in shown) else ", "
    return between.join(shown)


def share(count: int, rows: int) -> str:
    """Return how many rows lack something: "0", "3", or of many "12 %"."""
    if count < 10 or rows == 0:
        return str(count)
    return f"{count:,} ({count / rows:.0%})" if count / rows >= 0.005 else f"{count:,}"


def shorten(text: str, width: int = WIDEST) -> str:
    """Return a text in one line that is not too long; a terminal shows all that is in it."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain if width_of(plain) <= width else plain[: width - 1] + "\u2026"


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: Korean letters are two wide."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide


def align(cells: list[list[str]]) -> list[str]:
    """Return rows of cells as lines, the columns one below the other."""
    widths = [max(map(width_of, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - width_of(cell))
            is_count = number in (2, 3)
            padded.append(space + cell if is_count else cell + space)
        lines.append(("  " + "  ".join(padded)).rstrip())
    return lines
