"""Cells of a CSV file that a spreadsheet would take for a formula.

Excel computes a cell that begins with = + - or @, and a formula can run a program or send the table
away: owasp.org/www-community/attacks/CSV_Injection. What predict.py writes for Excel gets an
apostrophe before such a cell, and reading it again takes the apostrophe away. Numbers stay as they
are.
"""

import re

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
