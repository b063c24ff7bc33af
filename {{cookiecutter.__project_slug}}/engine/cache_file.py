"""Files in runs/cache: what was read before, kept for the next training.

Each ends with a digest of its name and of all that stands before. A file that is not what was
written is made anew, with a line that says so: never are other pictures or columns taken for the
right ones.
"""

import errno
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.digests import DIGEST, digest_of, digest_of_file, digest_of_many
from engine.file_locks import lock_file, remove_unless_used
from engine.settings import UserError
from engine.whole_files import PARTIAL, create, open_regular, rename, sync_folder

CACHE = Path("runs", "cache")
NOTICEABLE = 10_000_000  # bytes: a larger file is told
DOCTOR = Path(__file__).parents[1] / "tools" / "doctor.py"  # a project may be without tools


def load_cached(path: Path) -> np.ndarray | None:
    """Return what a file in runs/cache holds (N,) uint8, mapped from it; None where there is none.

    All of it is read once, to check it: a second for each 0.5 to 2 GB and core, if it is in memory.
    A file that is damaged, a link or the like, counts as none: a line says so.

    Args:
        path: The file.
    """
    try:
        with open_regular(path) as file:
            # It lasts as long as the mapping, which has the file open: `tools.doctor --clean` asks.
            lock_file(file, shared=True)
            size = os.fstat(file.fileno()).st_size
            content = np.memmap(file, np.uint8, "c") if size >= DIGEST else np.zeros(0, np.uint8)
    except FileNotFoundError:
        return None
    except (UserError, OSError) as error:
        if getattr(error, "errno", None) == errno.ENOMEM:  # nor would a new one have room
            raise MemoryError from error
        print(f"note: {error}: it is made anew")
        return None
    digest = content[-DIGEST:].tobytes()
    content = content[:-DIGEST]
    if seal(path, digest_of_many(content)) != digest:
        print(f"note: {path} is damaged: it is made anew")
        return None
    return content


@contextmanager
def new_cached(path: Path) -> Generator[BinaryIO]:
    """Open a new file of runs/cache for writing. It gets its name, and its digest, at the end.

    Several trainings may do so at the same time: what is finished last stays. If this fails,
    nothing is left behind; if it is killed, the next training removes what is left.

    Args:
        path: What it is called in the end.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PARTIAL}")
    try:
        with create(unfinished) as file:
            yield file
            file.write(seal(path, digest_of_file(file)))
            file.flush()
            os.fsync(file.fileno())
            if os.name != "nt":  # locked until it has its name
                rename(unfinished, path)
        if os.name == "nt":  # which renames no open file
            rename_or_leave(unfinished, path)
        sync_folder(path.parent)
    except IsADirectoryError as error:
        raise UserError(f"{path} is a folder where a file belongs: remove it") from error
    finally:
        unfinished.unlink(missing_ok=True)
        with suppress(OSError):
            os.removedirs(path.parent)  # where nothing is in it


def seal(path: Path, digest: bytes) -> bytes:
    """Return what stands at the end of a file: it tells also a copy of another file.

    Args:
        path: The file.
        digest: Of what stands before.
    """
    return digest_of(path.name.encode() + digest)


def rename_or_leave(unfinished: Path, path: Path) -> None:
    """Give a file its name, unless another training has one of that name in use on Windows."""
    try:
        rename(unfinished, path)
    except PermissionError:
        if not path.is_file():
            raise


def remove_unfinished() -> None:
    """Remove what killed trainings have left in runs/cache, but not what others write now."""
    for path in CACHE.glob(f"*{PARTIAL}"):
        remove_unless_used(path, is_being_written=True)


def say_size(path: Path, what: str) -> None:
    """Say where something is kept, if it is large.

    Args:
        path: The file.
        what: Is in it, such as "pictures".
    """
    size = path.stat().st_size
    if size < NOTICEABLE:
        return
    advice = "that folder may be deleted at any time"
    if DOCTOR.exists():
        advice = "python -m tools.doctor --clean removes it"
    print(f"{what} are kept in {CACHE.as_posix()} ({megabytes(size)}; {advice})")


def megabytes(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < NOTICEABLE:
        return f"{size / 1e6:.1f} MB"
    return f"{size / 1e6:,.0f} MB"
