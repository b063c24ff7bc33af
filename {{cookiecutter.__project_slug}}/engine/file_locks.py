"""Who is at work on a file: locks that end with the program that holds them, however it ends."""

import errno
import os
import stat
import sys
import time
from enum import Enum
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

HELD = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES)  # by another: any other answer is no lock
ABANDONED = 3600  # seconds after which nobody writes any more, on a disk that has no locks
JUST_CLOSED = 10  # seconds: Windows closes a file before it is renamed


class Lock(Enum):
    """What became of the wish to lock a file."""

    OURS = "ours"
    HELD = "held by another"
    UNKNOWN = "unknown"  # Windows does without, and some network drives have none


def lock_file(file: BinaryIO, shared: bool = False) -> Lock:
    """Lock an open file, as long as it is open or mapped. Others are not waited for.

    On Windows nothing is done: a file that is open there cannot be removed anyway.

    Args:
        file: Open for writing; for reading is enough if it is shared.
        shared: Others may lock it in this way, too.
    """
    if sys.platform == "win32":
        return Lock.UNKNOWN
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        # flock, not lockf: another open file of the same process does not count as the same.
        fcntl.flock(file.fileno(), kind | fcntl.LOCK_NB)
    except OSError as error:
        return Lock.HELD if error.errno in HELD else Lock.UNKNOWN
    return Lock.OURS


def is_at(file: BinaryIO, path: Path) -> bool:
    """Return whether an open file is the one that has this name now."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.lstat())
    except FileNotFoundError:
        return False


def remove_unless_used(path: Path, is_being_written: bool = False) -> bool:
    """Remove a plain file if no program is at work on it; return whether it did.

    Links and special files stay, and are never opened.

    Args:
        path: The file.
        is_being_written: If somebody is at work, then on writing it. So on a disk without locks its
            age tells. Other files stay there, since nobody knows who reads them.
    """
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return False
        age = time.time() - status.st_mtime
        if sys.platform == "win32":
            if is_being_written and age < JUST_CLOSED:
                return False
            path.unlink()  # fails if it is open
            return True
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK
        with os.fdopen(os.open(path, flags), "r+b", buffering=0) as file:
            lock = lock_file(file)
            is_free = lock is Lock.OURS
            if lock is Lock.UNKNOWN and is_being_written:
                is_free = age > ABANDONED
            if is_free and is_at(file, path):
                path.unlink()
                return True
    except OSError:  # in use on Windows, in a folder that may not be written, or just gone
        return False
    return False
