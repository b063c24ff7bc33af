"""Large tables are kept in runs/cache as they were read, for the next training."""

import hashlib
import io
import json
from contextlib import suppress
from pathlib import Path

import numpy as np

from engine import cells, table
from engine.cache_file import CACHE, load_cached, new_cached, remove_unfinished, say_size
from engine.names import as_on_disk
from engine.settings import UserError
from engine.table import Column, read_columns

SMALLEST = 2**20  # bytes: what is smaller is read in no time
CODE = (cells, table)  # what decides on how a file is read


def read_cached(path: Path, encoding: str | None) -> dict[str, Column]:
    """Return the columns of a file, from runs/cache if the same content was read before.

    All of the file is read each time, to know its content: a second for each GB.

    Args:
        path: The file.
        encoding: Of its text; None finds it out.
    """
    remove_unfinished()
    path = as_on_disk(path)
    if not path.is_file() or path.stat().st_size < SMALLEST:
        return read_columns(path, encoding)
    key = cache_key(path, encoding)
    kept = CACHE / f"{key}.table"
    content = load_cached(kept)
    if content is not None:
        return load_columns(content.tobytes())
    columns = read_columns(path, encoding)
    if cache_key(path, encoding) != key:
        raise UserError(f"{path} has changed while it was read: start again when it is complete")
    with suppress(OSError):  # a full disk, a folder that may not be written: then read anew
        with new_cached(kept) as file:
            file.write(save_columns(columns))
        say_size(kept, "the columns of the table")
    return columns


def cache_key(path: Path, encoding: str | None) -> str:
    """Return a name that is another one when the content of a file changes, or how it is read."""
    digest = hashlib.blake2b(repr((path.suffix.lower(), encoding)).encode(), digest_size=16)
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    for module in CODE:
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def save_columns(columns: dict[str, Column]) -> bytes:
    """Return columns as the content of a file: their different values, then their codes."""
    values = {name: column.values for name, column in columns.items()}
    content = io.BytesIO()
    text = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    np.save(content, np.frombuffer(text, np.uint8), allow_pickle=False)
    for column in columns.values():
        codes = column.codes.astype(np.min_scalar_type(len(column.values)))
        np.save(content, codes, allow_pickle=False)
    return content.getvalue()


def load_columns(content: bytes) -> dict[str, Column]:
    """Return the columns that save_columns was given."""
    file = io.BytesIO(content)
    text = np.load(file, allow_pickle=False).tobytes().decode("utf-8", "surrogatepass")
    columns = {}
    for name, values in json.loads(text).items():
        columns[name] = Column(values, np.load(file, allow_pickle=False).astype(np.intc))
    return columns
