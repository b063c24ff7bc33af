"""Decoded pictures in a file, so that the next training need not decode them again."""

import hashlib
import inspect
import math
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from engine import picture_file, picture_survey
from engine.all_cores import with_all_cores
from engine.cache_file import CACHE, load_cached, new_cached, remove_unfinished, say_size
from engine.dataset import Info, summary
from engine.digests import DIGEST, digest_of
from engine.picture_file import PictureError, check_file, is_one_colour
from engine.settings import UserError

InfoType = TypeVar("InfoType", bound=Info)

# In which form pictures are kept, the first that holds all their values; and how the file ends.
DTYPES = {torch.uint8: ".uint8", torch.float32: ".float32"}
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
    states: list[str],
    read_input: Callable[[Path, InfoType], Tensor],
    info: InfoType,
    skip_bad: bool,
) -> DecodedPictures:
    """Return pictures, each read once. They are kept in a file for the next training.

    The file is made anew when the pictures have changed, or data.py, or what reads them.

    Args:
        paths: Of the pictures.
        states: Of these, from state_of.
        read_input: That of data.py: makes a tensor (C, H, W) float32 out of a file.
        info: Handed to read_input.
        skip_bad: Leave the pictures black that cannot be read; else they are an error.

    Raises:
        UserError: A picture cannot be read, or pictures differ in shape.
    """

    def read(path: Path) -> Tensor:
        try:
            check_file(path)  # a pipe would keep a read_input of one's own waiting for ever
        except PictureError as error:
            raise UserError(str(error)) from error
        return read_input(path, info)

    remove_unfinished()
    code = Path(inspect.getfile(read_input)).read_bytes()
    key = cache_key(states, repr((info, skip_bad)), code)
    shape = first_shape(paths, read, skip_bad)
    # Values that are whole 255ths fit into a byte, which takes a quarter of the memory. Where some
    # do not fit, all are written once more as they are.
    for dtype in DTYPES:
        kept = load_pictures(CACHE / f"{key}{DTYPES[dtype]}", len(paths), shape, dtype)
        if kept is not None:
            return kept
    for dtype in DTYPES:
        path = CACHE / f"{key}{DTYPES[dtype]}"
        try:
            write_pictures(path, paths, states, read, shape, dtype, skip_bad)
        except DoesNotFitIntoBytes:
            continue
        kept = load_pictures(path, len(paths), shape, dtype)
        if kept is not None:
            say_size(path, "pictures")
            return kept
    raise UserError(f"what was just written into {CACHE} is damaged: is the disk failing?")


def load_pictures(
    path: Path, count: int, shape: tuple[int, ...], dtype: torch.dtype
) -> DecodedPictures | None:
    """Return pictures that were decoded before; None where there are none, or they are damaged.

    Args:
        path: The file.
        count: How many there must be.
        shape: Of each.
        dtype: Of their pixels.
    """
    content = load_cached(path)
    if content is None:
        return None
    end = count * math.prod(shape) * dtype.itemsize
    if len(content) != end + count * RECORD.itemsize:
        print(f"note: {path} holds other pictures: it is made anew")
        return None
    pictures = torch.from_numpy(content)[:end].view(dtype).view(count, *shape)
    return DecodedPictures(pictures, np.frombuffer(content[end:].tobytes(), RECORD))


def cache_key(states: list[str], settings: str, code: bytes = b"") -> str:
    """Return a name for what is known of pictures: another one when files or code change.

    Args:
        states: Of each file, from state_of.
        settings: What else it depends on.
        code: Of the file that makes inputs of them.
    """
    digest = hashlib.sha256(settings.encode(errors="backslashreplace"))
    for state in states:
        digest.update(state.encode())
    digest.update(code)
    for module in (picture_file, picture_survey):
        digest.update(Path(inspect.getfile(module)).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:32]


def state_of(path: Path) -> str:
    """Return a text that is another one when the content of a file changes.

    Where the disk keeps the time of the last change, which no program can set, that tells: to ask
    for it takes 10 microseconds. On other disks, and on Windows, the file is read: 50 microseconds
    or more, and on a network drive milliseconds.
    """
    try:
        status = path.stat()
    except OSError:  # a link to nothing, or to itself
        return ascii((str(path), "nothing"))
    if not stat.S_ISREG(status.st_mode):
        return ascii((str(path), "no file"))
    if tells_changes(status):
        when = (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        return ascii((str(path), status.st_size, when))
    return ascii((str(path), digest_of(path.read_bytes())))


def tells_changes(status: os.stat_result) -> bool:
    """Return whether a file's times tell each change of it.

    The time in st_ctime does, unless it is something else: on Windows it is when the file was
    made, and on a memory stick or over some networks a copy of st_mtime, in hundredths of seconds
    or whole ones. A true one is as good as never a whole hundredth.
    """
    return os.name != "nt" and status.st_ctime_ns % 10_000_000 != 0


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


def write_pictures(
    path: Path,
    paths: list[Path],
    states: list[str],
    read: Callable[[Path], Tensor],
    shape: tuple[int, ...],
    dtype: torch.dtype,
    skip_bad: bool,
) -> None:
    """Write all pictures into a file, whole or not at all. Behind them stands the record of each.

    Args:
        path: The file.
        paths: Of the pictures.
        states: Of these, from state_of.
        read: Makes a tensor out of a picture.
        shape: Of the tensor.
        dtype: Of the pixels in the file.
        skip_bad: Leave the pictures black that cannot be read.

    Raises:
        DoesNotFitIntoBytes: They are no uint8.
        UserError: A picture cannot be read, has another shape, or changes meanwhile.
    """

    def decode(picture_path: Path) -> tuple[bytes, bytes]:
        file_digest = np.zeros(DIGEST, np.uint8)
        if picture_path.is_file():
            file_digest = digest_of_picture(picture_path)
        picture = read_one(picture_path, read, skip_bad)
        if picture is None:
            black = torch.zeros(shape, dtype=dtype)
            record = np.array([(False, False, file_digest, np.zeros(DIGEST))], RECORD)
            return black.numpy().tobytes(), record.tobytes()
        if tuple(picture.shape) != shape or picture.dtype != torch.float32:
            raise UserError(
                f"data.py's read_input gives {summary(picture)} for {picture_path}: "
                f"all pictures must be {shape} float32, as the first one is"
            )
        pixels = to_bytes(picture) if dtype == torch.uint8 else picture
        content = pixels.contiguous().numpy().tobytes()
        # To ask the file takes time. It is asked only where the picture may be of one colour.
        is_flat = looks_one_coloured(picture) and is_one_colour(picture_path)
        pixel_digest = np.frombuffer(digest_of(content), np.uint8)
        record = np.array([(True, is_flat, file_digest, pixel_digest)], RECORD)
        return content, record.tobytes()

    records = bytearray()
    with (
        new_cached(path) as file,
        tqdm(total=len(paths), desc="pictures", leave=False, disable=None) as progress,
    ):
        for decoded in with_all_cores(decode, paths):
            for content, record in decoded:
                file.write(content)
                records += record
            progress.update(len(decoded))
        check_unchanged(paths, states, np.frombuffer(records, RECORD))
        file.write(records)


def check_unchanged(paths: list[Path], states: list[str], records: np.ndarray) -> None:
    """Refuse pictures that were changed while they were read: who knows what was read of them.

    Args:
        paths: Of the pictures.
        states: Of these, before.
        records: (N,) RECORD.
    """
    for path, state, record in zip(paths, states, records, strict=True):
        if state_of(path) == state:
            continue
        # Copying a file aside, for example, changes a time and nothing else.
        if path.is_file() and (digest_of_picture(path) == record["file"]).all():
            continue
        raise UserError(f"{path} has changed while it was read: start again when all is complete")


def digest_of_picture(path: Path) -> np.ndarray:
    """Return the digest of a file (DIGEST,) uint8."""
    return np.frombuffer(digest_of(path.read_bytes()), np.uint8)


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
