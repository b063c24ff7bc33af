"""How a program begins on any system, and how it says in one line what is wrong."""

import gc
import os
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TextIO

from engine.terminal import in_one_line

# What PyTorch, NumPy and the systems say where no memory is left.
OUT_OF_MEMORY = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "Cannot allocate memory",
    "bad_alloc",
    "bad allocation",
    "failed to map segment",
    "can't start new thread",
)
# The whole of what oneDNN says then, which computes PyTorch's layers on a CPU. A longer text that
# begins so is about something else.
NO_PRIMITIVE = "could not create a primitive"
# What torch.save says where a file cannot grow: its writer in C++ knows no OSError.
NOT_WRITTEN = ("unexpected pos", "failed writing file", "iostream error")


def open_closed_streams() -> None:
    """Let what would be read, printed or complained go nowhere where it was closed, as by 2>&-.

    Else the next file that is opened would get the number of the closed one, and what a library
    complains of would be written into a checkpoint.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            lowest = os.open(os.devnull, os.O_RDWR)  # this number: those below it are open
            os.set_inheritable(lowest, True)
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def ignore_serial_mode() -> None:
    """Keep joblib quiet, which scikit-learn loads: here it does nothing side by side anyway.

    It warns where the system gives it no semaphore, as where files may not grow.
    """
    warnings.filterwarnings("ignore", message=".*joblib will operate in serial mode")


def check_folder() -> None:
    """Refuse to begin in a folder that was removed, where a library would end the program.

    Raises:
        FileNotFoundError: It was removed.
    """
    try:
        Path.cwd()
    except FileNotFoundError as error:
        reason = "the folder in which this was started is not there any more: go to another one"
        raise FileNotFoundError(reason) from error


def end_with_error(line: str) -> NoReturn:
    """Print a line on stderr and end the program with exit code 2."""
    sys.unraisablehook = keep_quiet
    if not is_written(sys.stdout):
        line = f"the output cannot be written ({line}); a training goes on with --resume"
    with suppress(OSError):  # where this cannot be written either, the exit code alone tells
        print(f"error: {line}", file=sys.stderr)
    is_written(sys.stderr)
    sys.exit(2)


def end_quickly() -> None:
    """Let Python end without looking for garbage: in PyTorch that takes a second.

    triton 3.9, which PyTorch 2.15 loads on Linux, lists at its very end all that was not freed,
    in thirty lines on stderr. Nothing else is said that late.
    """
    gc.freeze()
    if "triton" in sys.modules:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def keep_quiet(_: object) -> None:
    """Say nothing of what fails while a program ends: what was wrong is said already."""


def is_written(stream: TextIO) -> bool:
    """Return whether all that was printed to a stream could be written. Else it is forgotten."""
    try:
        stream.flush()
    except OSError:
        # Or Python would try again at its end, and fail once more.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        return False
    return True


def line_of(error: BaseException) -> str:
    """Return what an error says, in one line."""
    text = str(error).strip() or type(error).__name__
    # Of a process that reads data, PyTorch tells the traceback first: its last line is the error.
    _, has_traceback, said = text.rpartition(f"{type(error).__name__}: ")
    if has_traceback:
        text = said
    return in_one_line(text)


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error says that no memory is left."""
    if isinstance(error, MemoryError):
        return True
    if not isinstance(error, RuntimeError | ImportError | OSError):
        return False
    text = str(error)
    return text == NO_PRIMITIVE or any(sign in text for sign in OUT_OF_MEMORY)


def is_file_not_written(error: BaseException) -> bool:
    """Return whether an error of torch.save says that a file could not be written."""
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in NOT_WRITTEN)
