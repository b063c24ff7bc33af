"""A folder that is written whole, or not at all."""

import errno
import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import WriteError
from engine.whole_files import PARTIAL

FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


@contextmanager
def written_whole(target: Path) -> Generator[Path]:
    """Make an empty folder, which takes its name when the block ends; a failure leaves nothing.

    Args:
        target: Its name. What was there before is replaced at the end.

    Raises:
        WriteError: The disk is full, or takes no file of this size.
    """
    try:
        with fresh_folder(target.with_name(target.name + PARTIAL)) as scratch:
            new = scratch / target.name
            new.mkdir()
            yield new
            if target.exists():
                target.rename(scratch / "earlier")
            new.rename(target)
    except Exception as error:
        number = number_of(error)
        if number in FULL:
            reason = f"{target.parent} is full, make room there"
        elif number == errno.EFBIG:
            reason = os.strerror(number)
        else:
            raise
        raise WriteError(f"cannot write {target}: {reason}") from error


def number_of(error: Exception) -> int | None:
    """Return the system's number of an error; None where it has none.

    safetensors says it in words: "I/O error: No space left on device (os error 28)".
    """
    if isinstance(error, OSError):
        return error.errno
    found = re.search(r"\(os error (\d+)\)", str(error))
    return int(found[1]) if found else None


@contextmanager
def fresh_folder(path: Path) -> Generator[Path]:
    """Make an empty folder, and remove it with all that is in it when the block ends.

    Args:
        path: What a killed program has left there is removed first.
    """
    remove_folder(path)
    path.mkdir()
    try:
        yield path
    finally:
        remove_folder(path)


def remove_folder(path: Path) -> None:
    """Remove a folder with all that is in it; of a link, the link alone."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
