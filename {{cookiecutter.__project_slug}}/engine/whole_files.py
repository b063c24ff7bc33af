"""Files that are whole or as they were before, whatever happens while they are written.

A program can be killed, and a disk can be full, at any moment. So a file is first written under
another name, and takes its own name when all of it is on the disk.
"""

import errno
import os
import secrets
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from engine.errors import UserError, WriteError
from engine.file_locks import Lock, is_at, lock_file, remove_unless_used

PATIENCE = 1.0  # seconds
PARTIAL = ".partial"  # behind the name of a file that is not finished
# What a disk answers that cannot put the names in a folder on the disk: network drives, folders
# shared with a virtual machine, folders that may be written but not read.
CANNOT_SYNC = {
    errno.EINVAL,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EBADF,
    errno.EACCES,
    errno.EPERM,
    errno.EISDIR,
}
# Python has these on systems that have them. Text with Windows' line ends is no matter here.
BINARY = getattr(os, "O_BINARY", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # refuse to open what is a link
NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # do not wait for who writes into a pipe


def write_whole(
    path: Path, write: Callable[[BinaryIO], object], keep_as: Path | None = None
) -> None:
    """Write a file; when this fails or is killed, what was there before stays.

    A link in its place is replaced, and what it points to stays as it is. Where two programs write
    the same file, the one that ends last has written it.

    Args:
        path: Where to.
        write: Called with a file that is open for writing, with `write` and the like.
        keep_as: The name that the file gets which was there before; None drops it.

    Raises:
        WriteError: The file cannot be written.
    """
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PARTIAL}")
    try:
        remove_left_behind(path)
        with create(partial) as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())  # on the disk before its name is: a power cut is a crash too
            if os.name != "nt":  # as long as it is open, nobody takes it for one that was left
                take_place(partial, path, keep_as)
        if os.name == "nt":  # Windows gives an open file no other name
            take_place(partial, path, keep_as)
        sync_folder(path.parent)
    except BaseException as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        cause = error_of_disk(error)
        if cause is None:
            raise
        reason = cause.strerror or str(cause)
        if cause.errno == errno.ENOSPC:
            reason = f"{path.parent} is full, make room there"
        raise WriteError(f"cannot write {path}: {reason}") from error


def take_place(partial: Path, path: Path, keep_as: Path | None) -> None:
    """Give a file that is finished its own name.

    Args:
        partial: The file.
        path: Its name.
        keep_as: The name that the file gets which was there before; None drops it.
    """
    if keep_as is not None and os.path.lexists(path):
        rename(path, keep_as)
    rename(partial, path)


def remove_left_behind(path: Path) -> None:
    """Remove what killed programs have left of a file that they were writing."""
    for other in path.parent.iterdir():
        if other.name.startswith(f"{path.name}.") and other.name.endswith(PARTIAL):
            remove_unless_used(other, is_being_written=True)


def error_of_disk(error: BaseException) -> OSError | None:
    """Return the disk's own error, which PyTorch hides in one of its own; None for any other."""
    if isinstance(error, OSError):
        return error
    if isinstance(error, RuntimeError) and isinstance(error.__context__, OSError):
        return error.__context__
    return None


def write_text_whole(path: Path, text: str) -> None:
    """Write a text as UTF-8; when this fails or is killed, what was there before stays.

    Args:
        path: Where to.
        text: Its line ends stay as they are.

    Raises:
        WriteError: The file cannot be written.
    """
    content = text.encode("utf-8", errors="replace")
    write_whole(path, lambda file: file.write(content))


def create(path: Path) -> BinaryIO:
    """Open a new file for writing and reading. What was there before is removed, and not followed.

    Args:
        path: Nothing of value: what a killed program has left, or a link that somebody has put.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | BINARY | NO_LINK
    path.unlink(missing_ok=True)
    while True:
        file = os.fdopen(os.open(path, flags, 0o666), "w+b")
        # Others remove what nobody holds. One of them may have been faster, and looks at it.
        while (lock := lock_file(file)) is Lock.HELD:
            time.sleep(0.001)
        if lock is Lock.UNKNOWN or is_at(file, path):
            return file
        file.close()


def rename(old: Path, new: Path) -> None:
    """Give a file another name. What had that name before is gone."""
    if os.name == "nt":
        # Windows does not replace a file that is open elsewhere: in a viewer, in a virus scanner.
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            try:
                old.replace(new)
                return
            except PermissionError:
                time.sleep(0.05)
    old.replace(new)


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading, if it is a plain one.

    Args:
        path: A file of a run's folder. A run may come from somebody else: a link in it could
            point to anything, and a pipe could keep its reader waiting for ever.

    Raises:
        UserError: It is a link, a folder, a pipe or a device.
        FileNotFoundError: There is none.
    """
    refuse_special(path)
    # Between the look and this call it may have been exchanged: then it is not opened, or fails
    # here once more.
    file = os.fdopen(os.open(path, os.O_RDONLY | BINARY | NO_LINK | NO_WAIT), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UserError(f"{path} is no plain file: remove it")
    return file


def refuse_special(path: Path) -> None:
    """Refuse what is there, but is no plain file.

    Raises:
        UserError: It is a link, a folder, a pipe or a device.
        FileNotFoundError: There is nothing.
    """
    mode = path.lstat().st_mode
    if stat.S_ISREG(mode):
        return
    kind = "a pipe, a socket or a device"
    if stat.S_ISLNK(mode):
        kind = "a link"
    elif stat.S_ISDIR(mode):
        kind = "a folder"
    raise UserError(f"{path} is {kind}, and only plain files are read: put the file itself there")


def read_text(path: Path) -> str:
    """Return the text in a plain file, which is UTF-8.

    Raises:
        UserError: It is a link, a folder, a pipe or a device.
        FileNotFoundError: There is none.
        ValueError: It is no UTF-8.
    """
    with open_regular(path) as file:
        return file.read().decode("utf-8")


def make_folder(path: Path) -> None:
    """Make a folder in a run's folder, if it is not there. A link in its place is refused.

    Raises:
        UserError: Something else has its name.
    """
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise UserError(f"{path} is no folder, but a file or a link: remove it")
    path.mkdir(exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Put the names of the files in a folder on the disk, where the disk can do that.

    Raises:
        OSError: The disk failed.
    """
    if os.name == "nt":
        return  # Windows has no way to do this
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in CANNOT_SYNC:
            raise
