"""Texts to learn a language from: read out of files, and split into parts."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.names import as_on_disk, composed
from engine.settings import UserError
from engine.table import read_text

SUFFIXES = (".txt", ".md", ".rst", ".tex", ".html", ".py", ".srt")  # of files in a folder
BETWEEN = "\n\n"  # documents
MANY = 30  # so many documents are split as whole ones
SHARES = (0.8, 0.1, 0.1)  # of the characters, in train, val and test
AT_ONCE = 2**20  # characters that are counted or numbered together


class Texts(NamedTuple):
    """One long text for each part of the data."""

    train: str
    val: str
    test: str


def read_as(text: str) -> str:
    """Return a text as the model reads it: in Unicode's form NFC, with \\n at the end of lines.

    So a text is the same whether a letter is written as one character or as two (a Mac does so),
    and on whichever system its file was written.
    """
    lines = composed(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def read_documents(path: Path, encoding: str | None) -> list[str]:
    """Return the texts in a file or in all files of a folder, in the order of their names.

    Args:
        path: A text file, or a folder.
        encoding: Of the files; None: it is found out.

    Raises:
        UserError: There is no such file, or no text in it.
    """
    path = as_on_disk(path)
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in SUFFIXES]
        files = [file for file in files if file.is_file() and not file.name.startswith(".")]
        if not files:
            known = " ".join(SUFFIXES)
            raise UserError(f"{path} has no text files: their names end in {known}")
    elif path.is_file():
        files = [path]
    else:
        raise UserError(f"{path} is not there: name a text file, or a folder of them")
    documents = [read_as(read_text(file, encoding)) for file in files]
    documents = list(dict.fromkeys(document for document in documents if document.strip()))
    if not documents:
        raise UserError(f"{path} holds no text")
    return documents


def split_documents(documents: list[str], context: int) -> tuple[Texts, list[str]]:
    """Return a text for each part of the data, and lines for the user.

    Many documents are split as whole ones, the same in each run. Of few, each one is cut: what
    comes last is tested. So no part holds what stands beside a line of another part, which shuffled
    windows would.

    Args:
        documents: Each once.
        context: So many characters a window has.

    Raises:
        UserError: A part would have no window.
    """
    if len(documents) >= MANY:
        parts = deal(documents)
        how = "whole documents"
    else:
        parts = cut(documents)
        how = "of each document the first 80 % train, the last 10 % test"
    texts = Texts(*(BETWEEN.join(part) for part in parts))
    smallest = min(len(text) for text in texts)
    if smallest <= context:
        total = sum(len(text) for text in texts)
        needed = round((context + 1) / min(SHARES))
        raise UserError(
            f"a text of {total:,} characters is too short: its smallest part has {smallest:,}, and "
            f"must have more than --context {context}: take a text of {needed:,} characters or "
            "more, or a smaller --context"
        )
    count = "1 document" if len(documents) == 1 else f"{len(documents):,} documents"
    sizes = " / ".join(f"{len(text):,}" for text in texts)
    return texts, [f"data: {count}, {sizes} characters to train / validate / test ({how})"]


def deal(documents: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return whole documents for train, val and test, by their share of all characters."""
    order = torch.randperm(len(documents), generator=torch.Generator().manual_seed(0)).tolist()
    total = sum(map(len, documents))
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    given = [0, 0, 0]
    for index in order:
        # To the part that lacks most of its share.
        part = min(range(3), key=lambda part: given[part] / (SHARES[part] * total))
        parts[part].append(documents[index])
        given[part] += len(documents[index])
    return parts


def cut(documents: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the beginning of each document for train, a piece for val, and the end for test."""
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for text in documents:
        first = round(SHARES[0] * len(text))
        second = round((SHARES[0] + SHARES[1]) * len(text))
        parts[0].append(text[:first])
        parts[1].append(text[first:second])
        parts[2].append(text[second:])
    return parts


def fingerprint_of(texts: Texts) -> str:
    """Return a text that is another one for other data."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        digest.update(f"{len(text)} ".encode() + text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def codes_of(text: str) -> Iterator[np.ndarray]:
    """Yield the characters of a text as Unicode numbers them (T,) uint32, some at a time.

    All at once would take several times the memory of the text.
    """
    for begin in range(0, len(text), AT_ONCE):
        some = text[begin : begin + AT_ONCE]
        yield np.frombuffer(some.encode("utf-32-le", "surrogatepass"), np.uint32)


def count_characters(text: str) -> dict[str, int]:
    """Return how often each character is in a text, in the order of Unicode."""
    counts = np.zeros(sys.maxunicode + 1, np.int64)
    for codes in codes_of(text):
        found = np.bincount(codes)
        counts[: len(found)] += found
    return {chr(code): int(counts[code]) for code in counts.nonzero()[0]}


def number_characters(text: str, characters: str) -> Tensor:
    """Return the place of each character of a text among some characters (T,) int32.

    Args:
        text: Any.
        characters: Each once. What is not among them counts as the first one.
    """
    number_of = np.zeros(sys.maxunicode + 1, np.int32)
    for number, character in enumerate(characters):
        number_of[ord(character)] = number
    numbers = np.empty(len(text), np.int32)
    end = 0
    for codes in codes_of(text):
        begin = end
        end = begin + len(codes)
        numbers[begin:end] = number_of[codes]
    return torch.from_numpy(numbers)
