"""Tables for Excel, and their cells that it would take for a formula.

Excel computes a cell that begins with = + - or @, and a formula can run a program or send the table
away: owasp.org/www-community/attacks/CSV_Injection. What predict.py writes for Excel gets an
apostrophe before such a cell, and reading it again takes the apostrophe away. Numbers stay as they
are.
"""

import csv
import io
import re
from pathlib import Path

from engine.errors import UserError
from engine.whole_files import write_whole

FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # the last four are as wide as 가
NUMBER = re.compile(r"[+-]?((\d[\d., ]*|[.,]\d+)(e[+-]?\d+)?\s*%?|inf(inity)?|nan)", re.IGNORECASE)


def without_formula(cell: str) -> str:
    """Return a cell as it is written for Excel: a text, and no formula.

    A cell that begins with an apostrophe before such a sign gets one more: `as_written` takes one.
    """
    if FORMULA.match(cell) and not NUMBER.fullmatch(cell) and cell != "-":
        return "'" + cell
    return cell


def as_written(cell: str) -> str:
    """Return the cell of which `without_formula` made this one."""
    if cell.startswith("'") and without_formula(cell[1:]) == cell:
        return cell[1:]
    return cell


def check_output(path: Path) -> None:
    """Refuse to write over a file, or into a folder that does not exist."""
    if path.exists():
        raise UserError(f"{path} is there already: name another --output")
    if not path.parent.is_dir():
        raise UserError(f"{path} is in no folder that exists: name another --output")


def write_table(path: Path, columns: dict[str, list[str]]) -> None:
    """Write columns into a CSV file for Excel, which shall compute none of its cells."""
    rows = [tuple(columns), *zip(*columns.values(), strict=True)]
    table = io.StringIO()
    # In quotes, as in some countries Excel begins a new cell after each ";".
    writer = csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([without_formula(cell) for cell in row])
    content = table.getvalue().encode("utf-8-sig", "replace")  # the form of UTF-8 that Excel knows
    write_whole(path, lambda file: file.write(content))
