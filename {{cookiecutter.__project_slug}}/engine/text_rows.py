"""What was understood of a person's texts and labels: which rows are used, and which are not."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from torch import Tensor

from engine.cells import clean, fold, is_missing, is_na_a_word
from engine.names import composed
from engine.settings import UserError
from engine.splits import check_split, group_identical, split_indices
from engine.table_splits import RowSplit, SplitColumn, describe_untimed, split_rows

SHOWN = 30  # characters of an example in a line


@dataclass
class TextRows:
    """The rows that are used, and what is said of all of them."""

    rows: list[int] = field(default_factory=list)  # their places in the table
    texts: list[str] = field(default_factory=list)  # as they are read: see read_as
    names: list[str] = field(default_factory=list)  # of their classes
    notes: list[str] = field(default_factory=list)  # lines for the user


def read_as(text: str) -> str:
    """Return a text as the model reads it: in Unicode's form NFC, with single spaces.

    So a text is the same whether a letter is written as one character or as two (a Mac does so),
    and however many spaces, tabs and new lines are between its words.
    """
    return " ".join(composed(text).split())


def choose_rows(
    texts: Sequence[str], names: Sequence[str], max_length: int, column: SplitColumn | None = None
) -> TextRows:
    """Return the rows to use, each text once.

    Left out are rows without a text or a label, and texts with two labels, of which nobody can tell
    which one is right. A text that recurs with the same label is used once. Labels that differ only
    in case or spaces are the same class.

    Args:
        texts: Of all rows.
        names: The label of each.
        max_length: So many characters of a text are read.
        column: What decides on the split: rows without a time are left out, too.

    Raises:
        UserError: No row is left.
    """
    cleaned = [read_as(text) for text in texts]
    labels = [clean(name) for name in names]
    known = {name for name in labels if not is_missing(name)}
    if is_na_a_word(known):
        known.add("NA")
    without_text = sum(not text for text in cleaned)
    without_label = sum(name not in known for name in labels)
    usable = []
    for row, text in enumerate(cleaned):
        has_place = column is None or column.has_place(row)
        if text and labels[row] in known and has_place:
            usable.append(row)
    spelled = usual_spellings([labels[row] for row in usable])
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row in usable:
        rows_of[cleaned[row]].append(row)

    found = TextRows()
    unclear: dict[str, list[str]] = {}  # of texts with two classes or more that of each row
    for text, rows in rows_of.items():
        classes = [spelled[labels[row]] for row in rows]
        if len(set(classes)) > 1:
            unclear[text] = classes
            continue
        found.rows.append(rows[0])
        found.texts.append(text)
        found.names.append(classes[0])

    found.notes = [describe_lengths(found.texts, len(texts))]
    cut = sum(len(text) > max_length for text in found.texts)
    if cut:
        found.notes.append(
            f"  cut: {cut:,} are longer than --max-length {max_length}; a larger one reads more"
        )
    if without_text or without_label:
        found.notes.append(
            f"  left out: {without_text:,} rows without a text, {without_label:,} without a label"
        )
    if column is not None:
        found.notes += describe_untimed(column)
    if unclear:
        found.notes.append(describe_unclear(unclear))
    repeats = sum(len(rows_of[text]) - 1 for text in found.texts)
    if repeats:
        found.notes.append(f"  left out: {repeats:,} rows that repeat a text with the same label")
    found.notes += describe_spellings(spelled)
    if not found.texts:
        raise UserError(" ".join(line.strip() for line in found.notes[1:]) + ": no text is left")
    return found


def usual_spellings(labels: list[str]) -> dict[str, str]:
    """Return of each label its most frequent spelling: "Yes" for "yes", "YES" and "Yes"."""
    counts = Counter(labels)
    spellings: dict[str, str] = {}
    for label, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        spellings.setdefault(fold(label), label)
    return {label: spellings[fold(label)] for label in counts}


def describe_lengths(texts: list[str], rows: int) -> str:
    """Return the line that says how many texts there are, and how long they are."""
    lengths = [len(text) for text in texts] or [0]
    return (
        f"texts: {len(texts):,} of {rows:,} rows, in the middle {median(lengths):.0f} characters, "
        f"at most {max(lengths):,}"
    )


def describe_unclear(unclear: dict[str, list[str]]) -> str:
    """Return the line about texts with two classes or more.

    Args:
        unclear: Of each such text the class of each row that has it.
    """
    rows = sum(len(classes) for classes in unclear.values())
    text, classes = next(iter(unclear.items()))
    choices = dict.fromkeys(map(repr, classes))
    return (
        f"  left out: {rows:,} rows whose text has two labels or more: {len(unclear):,} texts, "
        f"such as {shorten(text)!r} ({', '.join(choices)})"
    )


def describe_spellings(spelled: dict[str, str]) -> list[str]:
    """Return a line for each class that is spelled in several ways."""
    others: dict[str, list[str]] = defaultdict(list)
    for label, usual in spelled.items():
        if label != usual:
            others[usual].append(repr(label))
    return [f"  taken for {usual!r}: {', '.join(words)}" for usual, words in others.items()]


def split_texts(
    found: TextRows, labels: Tensor, classes: list[str], column: SplitColumn | None
) -> RowSplit:
    """Return which texts train, validate and test, and what is said of it.

    Texts that differ only in upper and lower case stay together, unless a column decides.

    Args:
        found: From choose_rows.
        labels: (N,) class numbers.
        classes: Their names.
        column: What find_split_column returned.
    """
    same = group_identical(text.casefold() for text in found.texts)
    if column is not None:
        return split_rows(labels, classes, same, column.keep(found.rows))
    counts = same.bincount()
    alike = int(counts[counts > 1].sum())
    if not alike:
        return RowSplit(split_indices(labels), [])
    split = split_indices(labels, same)
    where = "texts that differ only in case are kept together"
    notes = [f"  alike: {alike:,} texts differ from another one only in case; each stays with it"]
    return RowSplit(split, notes + check_split(split, labels, classes, where))


def shorten(text: str) -> str:
    """Return the beginning of a text, without what a terminal would not show."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "\u2026"
