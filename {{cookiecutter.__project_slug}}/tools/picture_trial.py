"""Whether a picture can be read within the memory and the time that tools.demo has for it.

A small file can ask for very much: of pixels, of tags that all point to the same bytes, of scans.
Its decoders are many, and not ours. So it is read in a process of its own first, which may be lost.
The limit on memory holds on Linux; elsewhere those on pixels and time do.
"""

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from PIL import Image

from engine.picture_file import PictureError, read_picture
from engine.settings import UserError

MOST_PIXELS = 50_000_000  # more than most cameras take: 48 million
MOST_MEMORY = 300_000_000  # bytes, beside what the program itself needs
SECONDS = 30
LARGE_FROM = -3  # M_MMAP_THRESHOLD: from so many bytes on memory is taken and given back by itself
PROJECT = Path(__file__).parents[1]


def try_picture(path: Path) -> None:
    """Return if a picture can be read.

    Args:
        path: Of the file.

    Raises:
        UserError: It cannot be read, or takes too much memory or time.
    """
    # NumPy's library would keep memory ready for many threads.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        trial = subprocess.run(
            [sys.executable, "-m", "tools.picture_trial", path.resolve()],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(f"reading this picture takes more than {SECONDS} seconds") from error
    if trial.returncode != 0:
        raise UserError(trial.stdout.strip() or too_much_memory())


def too_much_memory() -> str:
    """Return the line about a picture whose reading ended without a word."""
    return f"reading this picture takes more than {MOST_MEMORY // 10**6} MB of memory"


def limit_memory() -> None:
    """Let this process take so much memory from now on, where the system keeps such a limit."""
    with suppress(ImportError, OSError, ValueError):  # Windows has none, macOS keeps none
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + MOST_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def limit_pixels() -> None:
    """Let Pillow refuse larger pictures in this process, wherever they stand in a file."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # at twice as many it does not warn, but refuses


def give_memory_back() -> None:
    """Let the system have what a picture took as soon as it is closed.

    The memory of the C library would grow with the pieces that Pillow takes, in each thread anew.
    """
    with suppress(AttributeError, OSError, TypeError):  # only glibc, on Linux, has this
        ctypes.CDLL(None).mallopt(LARGE_FROM, 2**20)


def main(path: Path) -> int:
    """Read a picture, and return 0 if this went well; else say why."""
    limit_pixels()
    limit_memory()
    try:
        read_picture(path, channels=3, height=64, width=64)
    except MemoryError:
        print(too_much_memory())
        return 1
    except PictureError as error:
        if isinstance(error.__cause__, MemoryError):
            print(too_much_memory())
        elif isinstance(error.__cause__, Image.DecompressionBombError):
            print(f"this picture has more than {MOST_PIXELS:,} pixels: make it smaller")
        else:
            print(str(error).replace(str(path), "the file"))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
