"""Decoded pictures in a file, so that the next training need not decode them again."""

import hashlib
import inspect
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from engine import picture_file, picture_survey
from engine.dataset import Info, summary
from engine.picture_file import is_one_colour
from engine.settings import UserError

InfoType = TypeVar("InfoType", bound=Info)

CACHE = Path("runs", "cache")
AT_ONCE = 256  # pictures that are decoded before they are written
LEFT_BEHIND = 3600  # seconds after which nobody writes to an unfinished file any more
DIGEST = 16  # bytes that stand for a file or a picture
# Behind the pictures stands for each: whether it was read and is one colour, a digest of its file,
# and one of its pixels as the model takes them.
RECORD = np.dtype(
    [
        ("is_read", np.bool_),
        ("is_one_colour", np.bool_),
        ("file", np.uint8, DIGEST),
        ("pixels", np.uint8, DIGEST),
    ]
)


class DecodedPictures(NamedTuple):
    """Pictures as the model takes them, and what is known of each."""

    tensor: Tensor  # (N, C, H, W) uint8 or float32, mapped from a file
    records: np.ndarray  # (N,) RECORD


class DoesNotFitIntoBytes(Exception):
    """A picture has values that are no whole 255ths."""


def decode_all(
    paths: list[Path],
    read_input: Callable[[Path, InfoType], Tensor],
    info: InfoType,
    skip_bad: bool,
) -> DecodedPictures:
    """Return pictures, each read once. They are kept in a file for the next training.

    The file is made anew when the pictures have changed, or data.py, or what reads them.

    Args:
        paths: Of the pictures.
        read_input: That of data.py: makes a tensor (C, H, W) float32 out of a file.
        info: Handed to read_input.
        skip_bad: Leave the pictures black that cannot be read; else they are an error.

    Raises:
        UserError: A picture cannot be read, or pictures differ in shape.
    """

    def read(path: Path) -> Tensor:
        return read_input(path, info)

    code = Path(inspect.getfile(read_input)).read_bytes()
    cache = CACHE / cache_key(paths, repr((info, skip_bad)), code)
    shape = first_shape(paths, read, skip_bad)
    # Values that are whole 255ths fit into a byte, which takes a quarter of the memory. Where some
    # do not fit, all are written once more as they are.
    dtype = torch.uint8
    path = cache.with_suffix(".uint8")
    if not path.exists() and not write_cache(path, paths, read, shape, dtype, skip_bad):
        dtype = torch.float32
        path = cache.with_suffix(".float32")
        if not path.exists():
            write_cache(path, paths, read, shape, dtype, skip_bad)
    content = np.memmap(path, np.uint8, "c")
    end = len(content) - len(paths) * RECORD.itemsize
    pictures = torch.from_numpy(content)[:end].view(dtype).view(len(paths), *shape)
    return DecodedPictures(pictures, np.frombuffer(content[end:].tobytes(), RECORD))


def cache_key(paths: list[Path], settings: str, code: bytes = b"") -> str:
    """Return a name for what is known of pictures: another one when files or code change.

    Args:
        paths: Of the pictures.
        settings: What else it depends on.
        code: Of the file that makes inputs of them.
    """
    digest = hashlib.sha256(settings.encode(errors="replace"))
    for path in paths:
        status = path.stat() if path.exists() else path.lstat()  # of a link to nothing, its own
        line = repr((str(path), status.st_size, status.st_mtime_ns))
        digest.update(line.encode(errors="replace"))
    digest.update(code)
    for module in (picture_file, picture_survey):
        digest.update(Path(inspect.getfile(module)).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:16]


def first_shape(
    paths: list[Path], read: Callable[[Path], Tensor], skip_bad: bool
) -> tuple[int, ...]:
    """Return the shape of the first picture that can be read."""
    for path in paths:
        picture = read_one(path, read, skip_bad)
        if picture is not None:
            return tuple(picture.shape)
    raise UserError(f"none of the {len(paths)} pictures can be read")


def read_one(path: Path, read: Callable[[Path], Tensor], skip_bad: bool) -> Tensor | None:
    """Return a picture, or None where it cannot be read and may be left out."""
    try:
        return read(path)
    except UserError as error:
        if skip_bad:
            return None
        raise UserError(f"{error}; --skip-bad goes on without such pictures") from error


def write_cache(
    path: Path,
    paths: list[Path],
    read: Callable[[Path], Tensor],
    shape: tuple[int, ...],
    dtype: torch.dtype,
    skip_bad: bool,
) -> bool:
    """Write all pictures into a file, whole or not at all; return False if they do not fit in it.

    Behind the pictures stands the record of each.
    """

    def decode(picture_path: Path) -> tuple[bytes, np.ndarray]:
        picture = read_one(picture_path, read, skip_bad)
        if picture is None:
            black = torch.zeros(shape, dtype=dtype)
            return black.numpy().tobytes(), np.zeros(1, RECORD)
        if tuple(picture.shape) != shape or picture.dtype != torch.float32:
            raise UserError(
                f"data.py's read_input gives {summary(picture)} for {picture_path}: "
                f"all pictures must be {shape} float32, as the first one is"
            )
        pixels = to_bytes(picture) if dtype == torch.uint8 else picture
        content = pixels.contiguous().numpy().tobytes()
        # To ask the file takes time. It is asked only where the picture may be of one colour.
        is_flat = looks_one_coloured(picture) and is_one_colour(picture_path)
        file_digest = digest_of(picture_path.read_bytes())
        return content, np.array([(True, is_flat, file_digest, digest_of(content))], RECORD)

    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path.parent)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    records = []
    try:
        with ThreadPoolExecutor() as pool, unfinished.open("wb") as file:
            for start in tqdm(range(0, len(paths), AT_ONCE), "pictures", leave=False, disable=None):
                for content, record in pool.map(decode, paths[start : start + AT_ONCE]):
                    file.write(content)
                    records.append(record.tobytes())
            file.write(b"".join(records))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except DoesNotFitIntoBytes:
        return False
    finally:
        unfinished.unlink(missing_ok=True)
        with suppress(OSError):
            os.removedirs(path.parent)  # where nothing is in it
    return True


def to_bytes(picture: Tensor) -> Tensor:
    """Return a picture as uint8.

    Raises:
        DoesNotFitIntoBytes: Then it would be another one.
    """
    pixels = (picture * 255).round().clamp(0, 255).to(torch.uint8)
    if not torch.equal(pixels.float() / 255, picture):
        raise DoesNotFitIntoBytes
    return pixels


def looks_one_coloured(picture: Tensor) -> bool:
    """Return whether a picture (C, H, W) has one colour but for black, which may be its margin."""
    if picture.dim() != 3:
        return False
    pixels = picture.flatten(1)  # (C, H * W)
    inked = pixels[:, (pixels != 0).any(dim=0)]  # (C, pixels that are not black)
    return bool((inked == inked[:, :1]).all())


def digest_of(content: bytes) -> np.ndarray:
    """Return a few bytes that stand for many."""
    return np.frombuffer(hashlib.blake2b(content, digest_size=DIGEST).digest(), np.uint8)


def remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files of trainings that were killed while they decoded."""
    for path in folder.glob("*.*.*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > LEFT_BEHIND:
                path.unlink()
