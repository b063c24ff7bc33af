"""What can end a training from outside: a signal, or no memory left."""

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager

from commands.settings import Settings, UserError


@contextmanager
def caught_signals() -> Generator[list[int]]:
    """Collect Ctrl-C and SIGTERM instead of dying of them; a second one kills."""
    caught: list[int] = []

    def catch(number: int, _: object) -> None:
        caught.append(number)
        if "TORCHELASTIC_RUN_ID" not in os.environ:  # torchrun repeats what it gets
            signal.signal(number, signal.SIG_DFL)

    usual = {number: signal.signal(number, catch) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


@contextmanager
def out_of_memory(config: Settings) -> Generator[None]:
    """Say what to try where memory runs out, on the CPU or on a GPU."""
    try:
        yield
    except (MemoryError, RuntimeError, ConnectionResetError) as error:
        # Most often the system ended it, to get memory; a batch that was under way is cut off.
        if "DataLoader worker" in str(error) or isinstance(error, ConnectionResetError):
            raise UserError(
                "a process that reads data was killed: try --num-workers 0, and --resume"
            ) from error
        signs = ("out of memory", "not enough memory", "can't allocate memory")
        if not (isinstance(error, MemoryError) or any(sign in str(error) for sign in signs)):
            raise
        size = config.batch_size
        smaller = f"try --batch-size {max(1, size // 2)}, or a smaller model"
        raise UserError(f"out of memory with --batch-size {size}: {smaller}") from error
