"""An answer that never ends is stopped, and the line that it was at is named."""

import _thread
import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

LIMIT = 10.0  # seconds that an answer may take
GRACE = 2.0  # seconds until the program is ended, where the answer cannot be stopped


class NeverEnds(Exception):
    """An answer took longer than it may."""

    def __init__(self, line: int) -> None:
        """Take the line of the student's file that was being worked on."""
        super().__init__()
        self.line = line


@contextmanager
def limited(path: Path, give_up: Callable[[int], object]) -> Generator[None]:
    """Stop what stands inside if it takes too long.

    Python ends its loops when it is told to. Where it does not, as in `except: pass` around a loop,
    the whole program ends.

    Args:
        path: The student's file.
        give_up: Is called with the line, before the program ends.

    Raises:
        NeverEnds: It took too long.
    """
    ended = threading.Event()
    main = threading.main_thread().ident
    stopped_at = []

    def watch() -> None:
        if ended.wait(LIMIT):
            return
        stopped_at.append(line_in(path, sys._current_frames().get(main or 0)))
        _thread.interrupt_main()  # a KeyboardInterrupt, as Ctrl-C would be
        if not ended.wait(GRACE):
            give_up(stopped_at[0])
            sys.stdout.flush()
            os._exit(1)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except KeyboardInterrupt:
        if stopped_at:
            raise NeverEnds(stopped_at[0]) from None
        raise
    finally:
        ended.set()
        watcher.join()
    if stopped_at:  # it had been told to stop, and caught that, or ended by itself just then
        with suppress(KeyboardInterrupt):
            time.sleep(0.01)
        raise NeverEnds(stopped_at[0])


def line_in(path: Path, frame: FrameType | None) -> int:
    """Return the line of a file that is being worked on, or 1 if none is."""
    while frame is not None:
        if frame.f_code.co_filename == str(path):
            return frame.f_lineno
        frame = frame.f_back
    return 1
