"""What trainings leave behind: files in runs/cache, and what killed programs have not finished."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from engine.cache_file import CACHE, megabytes
from engine.file_locks import remove_unless_used
from engine.runs import RUNS
from engine.whole_files import PARTIAL

# What trainings call their files in runs/cache. Those that are not finished have PARTIAL behind it,
# or, of an earlier version of this project, a number.
KEPT = re.compile(r"[0-9a-f]{16,64}\.(uint8|float32|table|survey|json)")
UNFINISHED = re.compile(rf"{KEPT.pattern}\.([0-9a-f]+{re.escape(PARTIAL)}|\d+)")


class Leftover(NamedTuple):
    """A file that may be removed if no program uses it."""

    path: Path
    size: int  # in bytes
    is_unfinished: bool


def describe_cache() -> str:
    """Return a line that says how much is kept in runs/cache."""
    sizes = [file.size for file in in_cache()]
    if not sizes:
        return f"{CACHE.as_posix()}: nothing is kept there"
    return (
        f"{CACHE.as_posix()}: {megabytes(sum(sizes))} in {count(len(sizes))}; "
        "python -m tools.doctor --clean removes what no training uses"
    )


def remove_leftovers() -> None:
    """Remove what no program uses, and print what was removed and what was not."""
    if CACHE.is_symlink():
        print(f"left alone: {CACHE.as_posix()}, which is a link to another folder")
    removed = []
    for file in [*in_cache(), *in_runs()]:
        what = f"{file.path.as_posix()} ({megabytes(file.size)})"
        if remove_unless_used(file.path, file.is_unfinished):
            print(f"removed: {what}")
            removed.append(file.size)
        else:
            print(f"left alone: {what}, which may be in use")
    if removed:
        print(f"removed {count(len(removed))}, {megabytes(sum(removed))}")
    else:
        print("nothing was removed")


def in_cache() -> Iterator[Leftover]:
    """Yield the files in runs/cache that trainings have made."""
    if CACHE.is_symlink() or not CACHE.is_dir():
        return
    for path in sorted(CACHE.iterdir()):
        is_unfinished = UNFINISHED.fullmatch(path.name) is not None
        if is_unfinished or KEPT.fullmatch(path.name):
            yield from plain_file(path, is_unfinished)


def in_runs() -> Iterator[Leftover]:
    """Yield the unfinished files in the other folders in runs/. Links are not followed."""
    for folder, folders, names in os.walk(RUNS):
        folders.sort()
        if Path(folder) == RUNS and CACHE.name in folders:
            folders.remove(CACHE.name)
        for name in sorted(names):
            if name.endswith(PARTIAL):
                yield from plain_file(Path(folder, name), is_unfinished=True)


def plain_file(path: Path, is_unfinished: bool) -> Iterator[Leftover]:
    """Yield a file, unless it is a link, a pipe or the like, or has just got another name."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(status.st_mode):
        yield Leftover(path, status.st_size, is_unfinished)


def count(files: int) -> str:
    """Return how many files there are, in words."""
    return "1 file" if files == 1 else f"{files} files"
