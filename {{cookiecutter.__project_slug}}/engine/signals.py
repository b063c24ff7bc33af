"""What can end a training from outside: a signal, or no memory left."""

import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager

from engine.program import is_out_of_memory
from engine.settings import Settings, UserError


@contextmanager
def caught_signals() -> Generator[list[int]]:
    """Collect signals in a list instead of dying of them: Ctrl-C, SIGTERM and SIGHUP.

    SIGHUP comes when the terminal closes, SIGTERM from a cluster. What was ignored before stays
    ignored, as SIGHUP is after nohup, and Ctrl-C in a script's background (train.py &). A second
    Ctrl-C or SIGTERM kills. In a thread nothing is caught: Python allows it in the first one alone.
    """
    caught: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield caught
        return
    terminals = [number for number in (1, 2) if os.isatty(number)]

    def catch(number: int, _: object) -> None:
        caught.append(number)
        if number == getattr(signal, "SIGHUP", None):  # a terminal sends it, and the shell in it
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for terminal in terminals:  # to write there would be an error from now on
                os.dup2(nowhere, terminal)
        elif "TORCHELASTIC_RUN_ID" not in os.environ:  # torchrun sends on what it gets, twice
            signal.signal(number, signal.SIG_DFL)

    usual = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            usual[number] = signal.signal(number, catch)
    try:
        yield caught
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


@contextmanager
def out_of_memory(settings: Settings) -> Generator[None]:
    """Say what to try where memory runs out, on the CPU or on a GPU."""
    try:
        yield
    except (MemoryError, RuntimeError, ConnectionResetError) as error:
        # Most often the system ended a worker, to get memory; a batch under way is cut off.
        if is_worker_killed(error):
            raise UserError(
                "a process that reads data was killed: try --num-workers 0, and --resume"
            ) from error
        if not is_out_of_memory(error):
            raise
        size = settings.batch_size
        advice = "try a smaller model"
        if size > 1:
            less = f"--batch-size {size // 2} --accumulate {2 * settings.accumulate}"
            advice = f"try {less}, which learns the same in less memory, or a smaller model"
        raise UserError(f"out of memory with --batch-size {size}: {advice}") from error


def is_worker_killed(error: BaseException | None) -> bool:
    """Return whether an error says that a process which reads data was killed.

    PyTorch raises it wherever the training is. While a checkpoint is written, what writes it fails
    next, with an error of its own: then the first one is its context.
    """
    while error is not None:
        if "DataLoader worker (pid" in str(error) or isinstance(error, ConnectionResetError):
            return True
        error = error.__context__
    return False
