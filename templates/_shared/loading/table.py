"""Tables in files, as columns of text: CSV (commas, semicolons, tabs) and JSON lines."""

import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from commands.settings import UserError

TABLES = (".csv", ".tsv", ".jsonl", ".ndjson")
csv.field_size_limit(10**9)  # a text may be a whole article


def read_table(path: Path) -> dict[str, list[str]]:
    """Return the columns of a file by their names, each value without the spaces around it."""
    if not path.is_file():
        raise UserError(f"{path} is no file: a table is needed (.csv, .tsv, .jsonl)")
    text = decode(path)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        names, *rows = read_json_lines(path, text)
    else:
        names, *rows = read_csv(path, text)
    if not rows:
        raise UserError(f"{path} has no rows below the names of its columns")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def take_column(columns: dict[str, list[str]], name: str, flag: str) -> list[str]:
    """Remove a column and return it."""
    if name not in columns:
        raise UserError(f"{flag}: there is no column {name!r}, but {', '.join(columns)}")
    return columns.pop(name)


def read_texts(names: Iterable[str], column: str) -> tuple[list[str], dict[str, list[str]]]:
    """Return texts, and the table that they are in: sentences, lines of files, or a column."""
    names = list(names)
    if len(names) == 1 and names[0].endswith(TABLES):
        columns = read_table(Path(names[0]))
        return take_column(dict(columns), column, "the texts"), columns
    texts = []
    for name in names:
        path = Path(name[:200])  # a longer one is a sentence
        looks_like_one = path.suffix in (".txt", *TABLES) and not path.is_file()
        if looks_like_one or (name.strip() and path.is_dir()):
            raise UserError(f"{name} is no file that can be read here")
        texts += decode(path).splitlines() if path.is_file() else [name]
    texts = [text.strip() for text in texts if text.strip()]
    return texts, {"text": texts}


def decode(path: Path) -> str:
    """Return the text in a file: UTF-8, with or without a byte order mark, UTF-16 or cp949."""
    content = path.read_bytes()
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")  # Excel calls it "Unicode text"
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp949"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" in text:
                break
            if encoding == "cp949":
                print(f"note: {path} is not in UTF-8: read as Korean (cp949)", file=sys.stderr)
            return text
    raise UserError(f"{path} is no text in UTF-8 or cp949: save it as CSV (UTF-8)")


def read_csv(path: Path, text: str) -> list[list[str]]:
    """Return the names of the columns, then the rows."""
    if text[:4] == "sep=":  # Excel's own line
        text = text.partition("\n")[2]
    first = re.sub('"[^"]*"', "", text.lstrip()).partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    # Between tabs a quotation mark is often just one, where no line has too many or few of them.
    even = {line.count("\t") for line in text.splitlines() if line.strip()}
    quoting = csv.QUOTE_NONE if delimiter == "\t" and len(even) == 1 else csv.QUOTE_MINIMAL
    style: dict[str, Any] = {"delimiter": delimiter, "quoting": quoting, "skipinitialspace": True}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, **style)
    rows: list[list[str]] = []
    try:
        for row in reader:
            values = [value.strip() for value in row]
            if not any(values):
                continue
            if rows and len(row) != len(rows[0]):
                fields = f"{len(row)} fields, but {len(rows[0])} columns: is a text not quoted?"
                raise UserError(f"{path}, line {reader.line_num}: {fields}")
            rows.append(values if rows else [value or "(no name)" for value in values])
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: {error}") from error
    if not rows:
        raise UserError(f"{path} is empty")
    if 2 * sum(bool(re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", name)) for name in rows[0]) > len(row):
        raise UserError(f"{path}: line 1 has values where the names of the columns should be")
    if twice := [name for name, count in Counter(rows[0]).items() if count > 1]:
        raise UserError(f"{path}: line 1 has two columns called {twice[0]!r}")
    return rows


def read_json_lines(path: Path, text: str) -> list[list[str]]:
    """Return the names of the columns, then the rows: a JSON object in each line."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found += [dict(json.loads(line))] if line.strip() else []
        except (TypeError, ValueError) as error:
            raise UserError(f"{path}, line {number}: no JSON object: {error}") from error
    names = list(dict.fromkeys(name for one in found for name in one))
    rows = [["" if one.get(name) is None else str(one[name]) for name in names] for one in found]
    return [names, *([value.strip() for value in row] for row in rows)]
