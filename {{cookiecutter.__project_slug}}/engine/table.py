"""Tables in files, as columns of text: CSV (commas, semicolons, tabs) and JSON."""

import codecs
import csv
import hashlib
import json
import re
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, overload

import numpy as np

from engine.cells import clean, clean_name, name_columns
from engine.names import as_on_disk, composed
from engine.settings import UserError
from engine.spreadsheet import as_written

Table = dict[str, list[str]]  # the values of each column by its name

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")
JSON_LINES = (".jsonl", ".ndjson")
NUMBER = re.compile(r"[+-]?[\d.]+(e[+-]?\d+)?")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
ANSWER = "prediction"  # the column that predict.py --output adds
FEWEST_COUNTED = 3  # so many numbers in the first line may count the columns
MOST_COLUMNS = 50_000
ROWS_AT_ONCE = 10_000
# How the files begin that are no text, and how a table comes out of them.
NO_TEXT = {
    b"PK\x03\x04": "it is a workbook of Excel, or packed: save it as CSV (UTF-8), or unpack it",
    b"\xd0\xcf\x11\xe0": "it is a workbook of Excel: open it there, and save it as CSV (UTF-8)",
    b"PAR1": "it is a Parquet file: make it a CSV file with pandas.read_parquet and .to_csv",
    b"ARROW1": "it is a Feather file: make it a CSV file with pandas.read_feather and .to_csv",
    b"\x1f\x8b": "it is packed: unpack it with gzip -d",
    b"SQLite format 3": "it is a database: export the table as CSV",
}
csv.field_size_limit(10**9)  # a text may be a whole article


class Column(Sequence[str]):
    """The values of a column. Each different one is kept once, so that it is looked at once.

    Args:
        values: The different values, in the order in which they come up.
        codes: (N,) of each row the number of its value.
    """

    def __init__(self, values: list[str], codes: np.ndarray) -> None:
        self.values = values
        self.codes = codes

    @classmethod
    def of(cls, cells: Sequence[str]) -> "Column":
        """Return the same cells as a Column."""
        if isinstance(cells, Column):
            return cells
        known = Known()
        codes = np.fromiter(map(known.__getitem__, cells), dtype=np.intc, count=len(cells))
        return cls(known.different, codes)

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> "Column": ...

    def __getitem__(self, index: int | slice) -> "str | Column":
        """Return the value of a row, or some of the rows."""
        if isinstance(index, slice):
            return Column(self.values, self.codes[index])
        return self.values[self.codes[index]]

    def __iter__(self) -> Iterator[str]:
        return map(self.values.__getitem__, self.codes.tolist())

    def take(self, rows: np.ndarray) -> "Column":
        """Return these rows (M,) alone."""
        return Column(self.values, self.codes[rows])

    def counts(self) -> np.ndarray:
        """Return how many rows have each of the values."""
        return np.bincount(self.codes, minlength=len(self.values))

    def row_of(self, value: str) -> int:
        """Return the first row that has a value, counted from 1."""
        return int(np.argmax(self.codes == self.values.index(value))) + 1

    def fingerprint(self) -> str:
        """Return a short text that is another one when a value changes."""
        digest = hashlib.blake2b(digest_size=16)
        for value in self.values:
            digest.update(ascii(value).encode() + b"\0")  # which no value has in this form
        digest.update(np.ascontiguousarray(self.codes, dtype="<i4").tobytes())
        return digest.hexdigest()


class Known(dict[str, int]):
    """Of each cell the number of its value, given out when it is first asked for."""

    def __init__(self) -> None:
        self.different: list[str] = []

    def __missing__(self, cell: str) -> int:
        value = clean(cell)
        if value == cell:
            code = len(self.different)
            self.different.append(cell)
        else:
            code = self[value]
        self[cell] = code
        return code


def read_table(path: Path, encoding: str | None = None) -> Table:
    """Return the columns of a file by their names, each value without the spaces around it.

    Names and values are in the form NFC of Unicode, whatever the file has.

    Args:
        path: The file.
        encoding: Of its text; None finds it out.

    Raises:
        UserError: It is no file, or no table; the line that is wrong is named.
    """
    return {name: list(column) for name, column in read_columns(path, encoding).items()}


def read_columns(path: Path, encoding: str | None = None) -> dict[str, Column]:
    """Return the same as read_table, in a form that is small for large tables."""
    path = as_on_disk(path)
    if not path.is_file():
        raise UserError(f"{path} is no file: a table is needed (.csv, .tsv, .jsonl)")
    text = read_text(path, encoding)
    suffix = path.suffix.lower()
    if suffix == ".json":
        return columns_of_objects(path, parse_json(path, text))
    if suffix in JSON_LINES:
        return columns_of_objects(path, parse_json_lines(path, text))
    return parse_csv(path, text)


def to_columns(path: Path, names: list[str], rows: Iterator[list[str]]) -> dict[str, Column]:
    """Return rows as columns.

    Args:
        path: For messages.
        names: Of the columns.
        rows: Each has a cell for each name.
    """
    known = [Known() for _ in names]
    codes = [array("i") for _ in names]
    while some := list(islice(rows, ROWS_AT_ONCE)):  # all at once would take much memory
        for column, cells in enumerate(zip(*some, strict=True)):
            codes[column].extend(map(known[column].__getitem__, cells))
    if not codes or not codes[0]:
        raise UserError(f"{path} has no rows below the names of its columns")
    columns = {}
    for name, cells, numbers in zip(names, known, codes, strict=True):
        columns[name] = Column(cells.different, np.frombuffer(numbers, dtype=np.intc))
    return columns


ColumnType = TypeVar("ColumnType", bound=Sequence[str])


def take_column(table: dict[str, ColumnType], name: str, flag: str) -> ColumnType:
    """Remove a column from a table and return it.

    Args:
        table: Of columns.
        name: The column's.
        flag: How the user named it, for messages.
    """
    check_column(table, name, flag)
    return table.pop(clean_name(name))


def check_column(names: Iterable[str], name: str, flag: str) -> None:
    """Refuse a name that no column has.

    Args:
        names: Of the columns.
        name: As the user typed it.
        flag: Where, for the message.
    """
    known = list(names)
    if clean_name(name) in known:
        return
    shown = get_close_matches(name, known, n=3) if len(known) > 30 else known
    others = "" if len(shown) == len(known) else f" ({len(known)} columns)"
    raise UserError(
        f"{flag}: there is no column {name!r}, but {', '.join(shown or known[:5])}{others}"
    )


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
        path = Path(word)
        try:
            is_file = path.is_file()
            is_folder = bool(word.strip()) and path.is_dir()
        except OSError:  # it is longer than a name can be: a sentence
            texts.append(word.strip())
            continue
        is_missing_file = path.suffix in (".txt", *SUFFIXES) and not is_file
        if is_missing_file or is_folder:
            raise UserError(f"{word} is no file that can be read here")
        lines = read_text(path).splitlines() if is_file else [word]
        texts += [line.strip() for line in lines if line.strip()]
    return TextsAndTable(texts, {"text": texts})


def read_text(path: Path, encoding: str | None = None) -> str:
    """Return the text in a file: UTF-8, with or without a byte order mark, UTF-16 or cp949.

    It comes in the form NFC of Unicode.

    Args:
        path: The file.
        encoding: Of its text; None finds it out.
    """
    content = path.read_bytes()
    for begin, way_out in NO_TEXT.items():
        if content.startswith(begin):
            raise UserError(f"{path} is no text: {way_out}")
    if encoding is not None:
        return decode(path, content, encoding)
    is_utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")  # Excel calls it "Unicode text"
    encodings = ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp949"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" in text:
                break
            if encoding == "cp949":
                print(
                    f"note: {path} is not in UTF-8: read as Korean (cp949); "
                    "--encoding names another, as cp1252 for Western Europe",
                    file=sys.stderr,
                )
            return composed(text)
    raise UserError(
        f"{path} is no text in UTF-8 or cp949: save it as CSV (UTF-8), or name its --encoding, "
        "as cp1252 for Western Europe"
    )


def decode(path: Path, content: bytes, encoding: str) -> str:
    """Return the text in a file whose encoding was named."""
    try:
        codecs.lookup(encoding)
        text = content.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except LookupError as error:
        raise UserError(f"--encoding: Python knows no {encoding!r}") from error
    except UnicodeError as error:
        where = str(path)
        if isinstance(error, UnicodeDecodeError):
            line = content[: error.start].count(b"\n") + 1
            where = f"{path}, line {line},"
        raise UserError(f"--encoding: {where} is not in {encoding}") from error
    return composed(text)


def encoding_unless_utf_8(path: Path, encoding: str | None) -> str | None:
    """Return the encoding to read a new file with: that of training, or None for UTF-8.

    Args:
        path: The file.
        encoding: That of the file in training, if it was named.
    """
    if encoding is None or not path.is_file():
        return None
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return encoding
    return None


def parse_csv(path: Path, text: str) -> dict[str, Column]:
    """Return the columns of a CSV file.

    Args:
        path: For messages.
        text: What is in the file.
    """
    if text[:4] == "sep=":  # Excel's own line
        _, _, text = text.partition("\n")
    delimiter = find_delimiter(text)
    check_width(path, text, delimiter)
    # Between tabs a quotation mark is often just one, where no line has too many or few of them.
    quoting = csv.QUOTE_MINIMAL
    if delimiter == "\t":
        tabs_in_lines = {line.count("\t") for line in text.splitlines() if line.strip()}
        if len(tabs_in_lines) == 1:
            quoting = csv.QUOTE_NONE
    reader = csv.reader(
        (match.group() for match in LINE.finditer(text)),
        strict=True,
        delimiter=delimiter,
        quoting=quoting,
        skipinitialspace=True,
    )

    def rows() -> Iterator[list[str]]:
        """Yield the rows that hold something; the first one holds the names."""
        width = 0
        names: list[str] = []
        for row in reader:
            if not any(row) or not any(cell.strip() for cell in row):
                continue
            if not names:
                names = row
                width = len(row)
            elif row == names and width > 1:
                line = f"{path}, line {reader.line_num}"
                raise UserError(f"{line}: it has the names of the columns again: remove it")
            if len(row) != width:
                fields = f"{len(row)} fields, but {width} columns: is a text not quoted?"
                raise UserError(f"{path}, line {reader.line_num}: {fields}")
            yield row

    filled = rows()
    try:
        names = names_in_first_row(path, next(filled, []))
        columns = to_columns(path, names, filled)
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: {error}") from error
    if ANSWER in columns:  # predict.py wrote it
        return {as_written(name): cells_as_written(column) for name, column in columns.items()}
    return columns


def cells_as_written(column: Column) -> Column:
    """Return a column that predict.py wrote for Excel, as it was before."""
    if all(as_written(value) == value for value in column.values):
        return column
    return Column.of([as_written(cell) for cell in column])


def find_delimiter(text: str) -> str:
    """Return what stands between the columns: what is most frequent in the first line."""
    first_line, _, _ = text.lstrip().partition("\n")
    unquoted = re.sub('"[^"]*"', "", first_line)
    return max(",;\t|", key=unquoted.count)


def check_width(path: Path, text: str, delimiter: str) -> None:
    """Refuse a table with so many columns that reading it would never end."""
    first_line, _, _ = text.lstrip().partition("\n")
    check_count(path, first_line.count(delimiter) + 1, "its first line")


def check_count(path: Path, count: int, where: str) -> None:
    """Refuse so many columns that reading them would never end.

    Args:
        path: For messages.
        count: How many there are.
        where: In what, for messages.
    """
    if count > MOST_COLUMNS:
        raise UserError(
            f"{path} has {count:,} columns in {where}, of {MOST_COLUMNS:,} at most: "
            "are rows and columns exchanged, or are the line ends missing?"
        )


def names_in_first_row(path: Path, cells: list[str]) -> list[str]:
    """Return the names in the first row; a column without one gets a name of its own.

    Raises:
        UserError: The first row does not hold names, or one of them twice.
    """
    if not cells:
        raise UserError(f"{path} is empty")
    names = name_columns(cells)
    numbers = [name for name in names if NUMBER.fullmatch(name)]
    if 2 * len(numbers) > len(names) and not are_counted(numbers):
        raise UserError(f"{path}: line 1 has values where the names of the columns should be")
    check_names(f"{path}: line 1", names)
    return names


def are_counted(names: list[str]) -> bool:
    """Return whether names that are numbers count the columns: 0, 1, 2, or 2019, 2020, 2021."""
    if len(names) < FEWEST_COUNTED or not all(name.isdecimal() for name in names):
        return False
    first = int(names[0])
    return names == [str(number) for number in range(first, first + len(names))]


def check_names(where: str, names: list[str]) -> None:
    """Refuse two columns of the same name."""
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise UserError(f"{where} has two columns called {name!r}: rename one of them")


def parse_json(path: Path, text: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON file: [{"a": 1}, ...], or {"a": [1, ...]}.

    Args:
        path: For messages.
        text: What is in the file.
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        with suppress(UserError):
            return parse_json_lines(path, text)  # some call these .json
        raise UserError(f"{path} is no JSON: {error}") from error
    except RecursionError as error:
        raise UserError(f"{path} holds no table: its lists are nested too deeply") from error
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        return found
    if isinstance(found, dict) and found:
        columns = list(found.values())
        if all(isinstance(cells, list) and len(cells) == len(columns[0]) for cells in columns):
            return [dict(zip(found, cells, strict=True)) for cells in zip(*columns, strict=True)]
    raise UserError(f"{path} holds no table: it must be a list of objects, a row each")


def parse_json_lines(path: Path, text: str) -> list[dict[str, Any]]:
    """Return the objects of a file that has one in each line.

    Args:
        path: For messages.
        text: What is in the file.
    """
    found: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (RecursionError, ValueError) as error:
            raise UserError(f"{path}, line {number}: no JSON object: {error}") from error
        if not isinstance(row, dict):
            raise UserError(f"{path}, line {number}: no JSON object, with a name for each value")
        found.append(row)
    return found


def columns_of_objects(path: Path, objects: list[dict[str, Any]]) -> dict[str, Column]:
    """Return objects as rows of a table, with an empty cell where an object lacks a name."""
    names: dict[str, None] = {}  # in the order in which they come up
    for row in objects:
        names.update(dict.fromkeys(row))
        check_count(path, len(names), "its objects")
    used = name_columns(names)
    if used:
        check_names(str(path), used)
    rows = ([json_text(row.get(name)) for name in names] for row in objects)
    return to_columns(path, used, rows)


def json_text(value: Any) -> str:
    """Return a value of a JSON object as a cell of a table."""
    return "" if value is None else str(value)
