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
from typing import Any, NamedTuple

from engine.names import as_on_disk, composed
from engine.settings import UserError

Table = dict[str, list[str]]  # the values of each column by its name

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson")
JSON_LINES = (".jsonl", ".ndjson")
NUMBER = re.compile(r"[+-]?[\d.]+(e[+-]?\d+)?")
csv.field_size_limit(10**9)  # a text may be a whole article


def read_table(path: Path) -> Table:
    """Return the columns of a file by their names, each value without the spaces around it.

    Names and values are in the form NFC of Unicode, whatever the file has.

    Raises:
        UserError: It is no file, or no table; the line that is wrong is named.
    """
    path = as_on_disk(path)
    if not path.is_file():
        raise UserError(f"{path} is no file: a table is needed (.csv, .tsv, .jsonl)")
    text = read_text(path)
    if path.suffix.lower() in JSON_LINES:
        names, rows = parse_json_lines(path, text)
    else:
        names, rows = parse_csv(path, text)
    if not rows:
        raise UserError(f"{path} has no rows below the names of its columns")
    return {name: [row[number] for row in rows] for number, name in enumerate(names)}


def take_column(table: Table, name: str, flag: str) -> list[str]:
    """Remove a column from a table and return it.

    Args:
        table: Of columns.
        name: The column's.
        flag: How the user named it, for messages.
    """
    if name not in table:
        raise UserError(f"{flag}: there is no column {name!r}, but {', '.join(table)}")
    return table.pop(name)


class TextsAndTable(NamedTuple):
    """Texts, and the table that they came in."""

    texts: list[str]
    table: Table


def read_texts(words: Iterable[str], column: str) -> TextsAndTable:
    """Return texts, and the table that they are in.

    Args:
        words: Sentences, and files with one in each line; or a single table.
        column: The column of a table that has the texts.
    """
    words = list(words)
    if len(words) == 1 and words[0].endswith(SUFFIXES):
        table = read_table(Path(words[0]))
        texts = take_column(dict(table), column, "the texts")
        return TextsAndTable(texts, table)
    texts = []
    for word in words:
        path = Path(word[:200])  # what is longer is a sentence
        is_missing_file = path.suffix in (".txt", *SUFFIXES) and not path.is_file()
        is_folder = bool(word.strip()) and path.is_dir()
        if is_missing_file or is_folder:
            raise UserError(f"{word} is no file that can be read here")
        lines = read_text(path).splitlines() if path.is_file() else [word]
        texts += [line.strip() for line in lines if line.strip()]
    return TextsAndTable(texts, {"text": texts})


def read_text(path: Path) -> str:
    """Return the text in a file: UTF-8, with or without a byte order mark, UTF-16 or cp949.

    It comes in the form NFC of Unicode.
    """
    content = path.read_bytes()
    is_utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")  # Excel calls it "Unicode text"
    encodings = ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp949"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" in text:
                break
            if encoding == "cp949":
                print(f"note: {path} is not in UTF-8: read as Korean (cp949)", file=sys.stderr)
            return composed(text)
    raise UserError(f"{path} is no text in UTF-8 or cp949: save it as CSV (UTF-8)")


class NamesAndRows(NamedTuple):
    """What a file of a table holds."""

    names: list[str]  # of the columns
    rows: list[list[str]]


def parse_csv(path: Path, text: str) -> NamesAndRows:
    """Return the names of the columns, and the rows.

    Args:
        path: For messages.
        text: What is in the file.
    """
    if text[:4] == "sep=":  # Excel's own line
        _, _, text = text.partition("\n")
    delimiter = find_delimiter(text)
    # Between tabs a quotation mark is often just one, where no line has too many or few of them.
    tabs_in_lines = {line.count("\t") for line in text.splitlines() if line.strip()}
    quoting = csv.QUOTE_MINIMAL
    if delimiter == "\t" and len(tabs_in_lines) == 1:
        quoting = csv.QUOTE_NONE
    reader = csv.reader(
        io.StringIO(text, newline=""),
        strict=True,
        delimiter=delimiter,
        quoting=quoting,
        skipinitialspace=True,
    )
    names: list[str] = []
    rows: list[list[str]] = []
    try:
        for row in reader:
            values = [value.strip() for value in row]
            if not any(values):
                continue
            if not names:
                names = [value or "(no name)" for value in values]
            elif len(row) != len(names):
                fields = f"{len(row)} fields, but {len(names)} columns: is a text not quoted?"
                raise UserError(f"{path}, line {reader.line_num}: {fields}")
            else:
                rows.append(values)
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: {error}") from error
    check_names(path, names)
    return NamesAndRows(names, rows)


def find_delimiter(text: str) -> str:
    """Return what stands between the columns: what is most frequent in the first line."""
    first_line, _, _ = text.lstrip().partition("\n")
    unquoted = re.sub('"[^"]*"', "", first_line)
    return max(",;\t|", key=unquoted.count)


def check_names(path: Path, names: list[str]) -> None:
    """Refuse a file whose first line does not hold the names of columns."""
    if not names:
        raise UserError(f"{path} is empty")
    numbers = [name for name in names if NUMBER.fullmatch(name)]
    if 2 * len(numbers) > len(names):
        raise UserError(f"{path}: line 1 has values where the names of the columns should be")
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise UserError(f"{path}: line 1 has two columns called {name!r}")


def parse_json_lines(path: Path, text: str) -> NamesAndRows:
    """Return the names of the columns, and the rows: a JSON object in each line.

    Args:
        path: For messages.
        text: What is in the file.
    """
    found: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            cells = dict(json.loads(line))
        except (TypeError, ValueError) as error:
            raise UserError(f"{path}, line {number}: no JSON object: {error}") from error
        found.append({composed(name): value for name, value in cells.items()})
    names: dict[str, None] = {}  # in the order in which they come up
    for row in found:
        names.update(dict.fromkeys(row))
    rows = [[json_text(row.get(name)) for name in names] for row in found]
    return NamesAndRows(list(names), rows)


def json_text(value: Any) -> str:
    """Return a value of a JSON object as a cell of a table."""
    return "" if value is None else composed(str(value).strip())
