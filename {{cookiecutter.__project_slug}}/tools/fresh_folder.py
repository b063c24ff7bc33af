"""A folder that is written whole, or not at all."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.whole_files import PARTIAL


@contextmanager
def written_whole(target: Path) -> Generator[Path]:
    """Make an empty folder, which takes its name when the block ends; a failure leaves nothing.

    Args:
        target: Its name. What was there before is replaced at the end.
    """
    with fresh_folder(target.with_name(target.name + PARTIAL)) as scratch:
        new = scratch / target.name
        new.mkdir()
        yield new
        if target.exists():
            target.rename(scratch / "earlier")
        new.rename(target)


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
