"""Large tables are kept in runs/cache as they were read, for the next training."""

import hashlib
import io
import json
import os
from contextlib import suppress
from pathlib import Path

import numpy as np

from engine import cells, table
from engine.names import as_on_disk
from engine.table import Column, read_columns

SMALLEST = 2**20  # bytes: what is smaller is read in no time
CODE = (cells, table)  # what decides on how a file is read


def read_cached(path: Path, encoding: str | None) -> dict[str, Column]:
    """Return the columns of a file, from runs/cache if the same content was read before.

    Args:
        path: The file.
        encoding: Of its text; None finds it out.
    """
    path = as_on_disk(path)
    if not path.is_file() or path.stat().st_size < SMALLEST:
        return read_columns(path, encoding)
    kept = Path("runs", "cache", f"{cache_key(path, encoding)}.table")
    with suppress(OSError, ValueError, KeyError, EOFError):  # none yet, or damaged
        return load_columns(kept.read_bytes())
    columns = read_columns(path, encoding)
    with suppress(OSError):  # a full disk, a folder that may not be written: then read anew
        write_whole(kept, save_columns(columns))
    return columns


def cache_key(path: Path, encoding: str | None) -> str:
    """Return a name that is another one when the content of a file changes, or how it is read."""
    digest = hashlib.blake2b(repr((path.suffix.lower(), encoding)).encode(), digest_size=16)
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    for module in CODE:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()


def save_columns(columns: dict[str, Column]) -> bytes:
    """Return columns as the content of a file: a checksum, their different values, their codes."""
    values = {name: column.values for name, column in columns.items()}
    content = io.BytesIO()
    text = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    np.save(content, np.frombuffer(text, np.uint8), allow_pickle=False)
    for column in columns.values():
        codes = column.codes.astype(np.min_scalar_type(len(column.values)))
        np.save(content, codes, allow_pickle=False)
    saved = content.getvalue()
    return hashlib.blake2b(saved, digest_size=16).digest() + saved


def load_columns(content: bytes) -> dict[str, Column]:
    """Return the columns that save_columns was given.

    Raises:
        ValueError: The content is not what was saved.
    """
    checksum, saved = content[:16], content[16:]
    if hashlib.blake2b(saved, digest_size=16).digest() != checksum:
        raise ValueError("the file is damaged")
    file = io.BytesIO(saved)
    text = np.load(file, allow_pickle=False).tobytes().decode("utf-8", "surrogatepass")
    columns = {}
    for name, values in json.loads(text).items():
        columns[name] = Column(values, np.load(file, allow_pickle=False).astype(np.intc))
    return columns


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
