"""What faults.c does, with the functions of Python: where there is no C compiler or no LD_PRELOAD.

It sees what a program opens, writes and renames by Python's own functions. It does not see what
libraries in C write by themselves. A write is not left halfway, and locks are not looked at.
"""

import builtins
import errno
import io
import os
from pathlib import Path
from typing import Any

NOT_AT_ALL, KILLED_BEFORE, KILLED_AFTER, KILLED_HALFWAY, FAILS, DISK_FULL = range(6)
KILLED = 137  # the exit code of a killed program, where there are no signals


class Counter:
    """Counts the calls in a folder, and lets one of them go wrong."""

    def __init__(self, folder: str, at: int, way: int, number: int, log: int) -> None:
        self.folder = Path(folder)
        self.struck = at
        self.way = way
        self.number = number
        self.log = log
        self.counted = 0
        self.write = os.write  # before it is replaced

    def is_inside(self, path: Any) -> bool:
        """Return whether a file is in the folder."""
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        whole = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100  # links are not followed
        return whole == self.folder or self.folder in whole.parents

    def goes_wrong(self, call: str, path: Any, needs_room: bool = False) -> bool:
        """Count a call; return whether the program is killed behind it.

        Raises:
            OSError: The call fails.
        """
        self.counted += 1
        whole = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100
        name = whole.relative_to(self.folder).as_posix()
        self.write(self.log, f"{call} /{name}\n".encode())
        if self.way == DISK_FULL and needs_room and 0 < self.struck <= self.counted:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fsdecode(path))
        if self.counted != self.struck:
            return False
        if self.way == KILLED_BEFORE:
            os._exit(KILLED)
        if self.way == FAILS:
            raise OSError(self.number, os.strerror(self.number), os.fsdecode(path))
        return self.way in (KILLED_AFTER, KILLED_HALFWAY)


def begin(folder: str, at: int, way: int, number: int, log: int) -> None:
    """Begin to count in this process: as faults_begin of faults.c."""
    counter = Counter(folder, at, way, number, log)
    descriptors: dict[int, Any] = {}  # of files in the folder
    for name in ("replace", "rename", "link", "symlink"):
        replace_named(counter, name, argument=1)
    for name in ("unlink", "remove", "rmdir", "mkdir"):
        replace_named(counter, name, argument=0)
    replace_open(counter, descriptors)
    replace_sync(counter, descriptors)
    replace_files(counter, descriptors)


def replace_named(counter: Counter, name: str, argument: int) -> None:
    """Count the calls of a function of os that is told the name of a file."""
    real = getattr(os, name)
    call = {"replace": "rename", "remove": "unlink", "symlink": "link"}.get(name, name)

    def counted(*arguments: Any, **more: Any) -> Any:
        path = arguments[argument]
        if not counter.is_inside(path):
            return real(*arguments, **more)
        killed = counter.goes_wrong(call, path, needs_room=name == "mkdir")
        result = real(*arguments, **more)
        if killed:
            os._exit(KILLED)
        return result

    setattr(os, name, counted)


def replace_open(counter: Counter, descriptors: dict[int, Any]) -> None:
    """Count os.open."""
    real = os.open

    def counted(path: Any, flags: int, *arguments: Any, **more: Any) -> int:
        if not counter.is_inside(path):
            return real(path, flags, *arguments, **more)
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        call = "open" if writes else "open folder" if Path(path).is_dir() else "open to read"
        killed = counter.goes_wrong(call, path, needs_room=bool(flags & os.O_CREAT))
        descriptor = real(path, flags, *arguments, **more)
        descriptors[descriptor] = path
        if killed:
            os._exit(KILLED)
        return descriptor

    os.open = counted


def replace_sync(counter: Counter, descriptors: dict[int, Any]) -> None:
    """Count os.fsync."""
    real = os.fsync

    def counted(file: Any) -> None:
        descriptor = file if isinstance(file, int) else file.fileno()
        path = descriptors.get(descriptor)
        if path is None:
            return real(file)
        call = "fsync folder" if Path(path).is_dir() else "fsync"
        killed = counter.goes_wrong(call, path)
        real(file)
        if killed:
            os._exit(KILLED)
        return None

    os.fsync = counted


def replace_files(counter: Counter, descriptors: dict[int, Any]) -> None:
    """Count the opening, writing and closing of files that Python's `open` returns."""
    real = io.open

    class File(io.FileIO):
        """A file in the folder that is written."""

        def __init__(self, file: Any, mode: str, path: Any, opened: bool, **more: Any) -> None:
            self.path = path
            killed = False
            if not opened:
                killed = counter.goes_wrong("open", path, needs_room=True)
            super().__init__(file, mode, **more)
            descriptors[self.fileno()] = path
            if killed:
                os._exit(KILLED)

        def write(self, content: Any) -> int | None:
            killed = counter.goes_wrong("write", self.path, needs_room=True)
            written = super().write(content)
            if killed:
                os._exit(KILLED)
            return written

        def close(self) -> None:
            if self.closed:
                return
            descriptors.pop(self.fileno(), None)
            try:
                killed = counter.goes_wrong("close", self.path)
            finally:
                super().close()
            if killed:
                os._exit(KILLED)

    def counted(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        opened = isinstance(file, int)  # by os.open, which was counted
        path = descriptors.get(file) if opened else file
        writes = any(letter in mode for letter in "wax+")
        if path is None or not counter.is_inside(path) or not writes:
            return real(file, mode, buffering, encoding, errors, newline, closefd, opener)
        letters = mode.replace("b", "").replace("t", "")
        raw = File(file, letters, path, opened, closefd=closefd, opener=opener)
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffered
        return io.TextIOWrapper(buffered, io.text_encoding(encoding), errors, newline)

    io.open = counted
    builtins.open = counted
