"""Pictures in folders: found, split, decoded once, and kept in a file for the next training."""

import hashlib
import inspect
import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from tqdm import tqdm

from engine.dataset import Info, summary
from engine.settings import UserError
from engine.splits import Split, number_classes, split_indices

InfoType = TypeVar("InfoType", bound=Info)

warnings.filterwarnings("ignore", module="PIL")  # a picture can be read, or it cannot
SUFFIXES = {".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff"}
PART_NAMES = {  # of the folders of pictures that are split already
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
LIGHT_CORNERS = 160  # of 255: paper is lighter
AT_ONCE = 256  # pictures that are decoded before they are written


@dataclass
class FoundPictures:
    """Pictures in a folder with a subfolder for each class."""

    folder: Path
    paths: list[Path]
    labels: Tensor  # (N,) int64, the number of each picture's class
    classes: list[str]  # the names of the subfolders
    split: Split  # as the folders are split, or else 60, 20 and 20 % of each class
    files: list[tuple[str, int]]  # each file and its size, to tell these data from others
    others: int  # files that are no pictures, or in no folder of a class


class ReadPictures(NamedTuple):
    """Decoded pictures."""

    tensor: Tensor  # (N, C, H, W) uint8 or float32, mapped from a file
    split: Split  # without the pictures that cannot be read
    notes: list[str]  # what was left out


def list_folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, in order; hidden ones do not count."""
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder: --data needs one, with a subfolder for each class")
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")


def list_pictures(path: Path) -> list[Path]:
    """Return the picture files in a folder and the folders in it, in order; or the file itself."""
    if not path.is_dir():
        return [path]
    pictures = []
    for file in sorted(path.rglob("*")):
        is_hidden = any(part[0] == "." for part in file.relative_to(path).parts)
        if file.suffix.lower() in SUFFIXES and not is_hidden:
            pictures.append(file)
    return pictures


def find_pictures(folder: Path) -> FoundPictures:
    """Return the pictures in a folder.

    Args:
        folder: Has a subfolder for each class; or folders train, val and test with these.

    Raises:
        UserError: It has no such folders, or a class has nothing to train with.
    """
    tops = split_folders(folder)
    paths, names, parts = [], [], []
    for top, part in tops:
        for class_folder in list_folders(top):
            pictures = list_pictures(class_folder)
            if not pictures:
                kinds = " ".join(sorted(SUFFIXES))
                raise UserError(f"{class_folder} holds no picture ({kinds})")
            paths += pictures
            names += [class_folder.name] * len(pictures)
            parts += [part] * len(pictures)
    if not paths:
        raise UserError(f"{folder} has no subfolders: put the pictures of each class into one")
    labels, classes = number_classes(names, folder)
    split = complete_split(labels, parts)
    check_classes(labels[split.train], classes, folder)
    everything = [path for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]
    return FoundPictures(
        folder=folder,
        paths=paths,
        labels=labels,
        classes=classes,
        split=split,
        files=[(path.relative_to(folder).as_posix(), path.stat().st_size) for path in paths],
        others=len(everything) - len(paths),
    )


def split_folders(folder: Path) -> list[tuple[Path, str]]:
    """Return the folders that hold folders of classes, and which part of the data each is."""
    tops = []
    for top in list_folders(folder):
        part = PART_NAMES.get(top.name.lower())
        if part is not None:
            tops.append((top, part))
    for top, part in tops:
        if part == "train" and list_folders(top):
            return tops
    return [(folder, "train")]  # the user has not split them


def complete_split(labels: Tensor, parts: list[str]) -> Split:
    """Return the split that the folders make; a part that is missing is cut out of train.

    Args:
        labels: (N,).
        parts: For each picture "train", "val" or "test".
    """
    rows = {}
    for name in Split._fields:
        rows[name] = torch.tensor([row for row, part in enumerate(parts) if part == name]).long()
    train, val, test = rows["train"], rows["val"], rows["test"]
    if len(val) and len(test):
        return Split(train, val, test)
    cut = split_indices(labels[train])
    kept = [cut.train]
    if len(val):
        kept.append(cut.val)
    if len(test):
        kept.append(cut.test)
    return Split(
        train=train[torch.cat(kept)],
        val=val if len(val) else train[cut.val],
        test=test if len(test) else train[cut.test],
    )


def check_classes(labels: Tensor, classes: list[str], folder: Path) -> None:
    """Refuse a class that has nothing to train with."""
    missing = set(range(len(classes))) - set(labels.tolist())
    if missing:
        name = classes[min(missing)]
        raise UserError(f"class {name!r} in {folder} has no picture to train with")


def read_all(
    found: FoundPictures,
    read_input: Callable[[Path, InfoType], Tensor],
    info: InfoType,
    skip_bad: bool,
) -> ReadPictures:
    """Return all pictures, each read once. They are kept in a file for the next training.

    The file is made anew when the pictures have changed, or data.py, or this file.

    Args:
        found: From find_pictures.
        read_input: That of data.py: makes a tensor (C, H, W) float32 out of a file.
        info: Handed to read_input.
        skip_bad: Go on without the pictures that cannot be read.

    Raises:
        UserError: A picture cannot be read, or pictures differ in shape.
    """

    def read(path: Path) -> Tensor:
        return read_input(path, info)

    code = Path(inspect.getfile(read_input)).read_bytes()
    cache = Path("runs", "cache", cache_key(found.paths, info, code, skip_bad))
    shape = first_shape(found.paths, read, skip_bad)
    # Values that are whole 255ths fit into a byte, which takes a quarter of the memory. Where some
    # do not fit, all are written once more as they are.
    dtype = torch.uint8
    path = cache.with_suffix(".uint8")
    if not path.exists() and not write_cache(path, found.paths, read, shape, dtype, skip_bad):
        dtype = torch.float32
        path = cache.with_suffix(".float32")
        if not path.exists():
            write_cache(path, found.paths, read, shape, dtype, skip_bad)
    count = len(found.paths)
    content = torch.from_numpy(np.memmap(path, np.uint8, "c"))
    pictures = content[:-count].view(dtype).view(count, *shape)
    is_read = content[-count:] == 1  # behind the pictures, for each whether it could be read
    split = Split(*(rows[is_read[rows]] for rows in found.split))
    check_classes(found.labels[split.train], found.classes, found.folder)
    notes = []
    for row in torch.nonzero(~is_read).flatten().tolist():
        notes.append(f"left out, since it cannot be read: {found.paths[row]}")
    if found.others:
        notes.append(f"left out: {found.others} files, no pictures or in no folder of a class")
    return ReadPictures(pictures, split, notes)


def cache_key(paths: list[Path], info: Info, code: bytes, skip_bad: bool) -> str:
    """Return a name for the decoded pictures: another one when the files or the code change."""
    digest = hashlib.sha256(repr((info, skip_bad)).encode(errors="replace"))
    for path in paths:
        status = path.stat()
        line = repr((str(path), status.st_size, status.st_mtime_ns))
        digest.update(line.encode(errors="replace"))
    digest.update(code)
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

    Behind the pictures stands a byte for each, whether it could be read.
    """

    def read_bytes(picture_path: Path) -> tuple[bytes, bool]:
        picture = read_one(picture_path, read, skip_bad)
        if picture is None:
            return torch.zeros(shape, dtype=dtype).numpy().tobytes(), False
        if tuple(picture.shape) != shape or picture.dtype != torch.float32:
            raise UserError(
                f"data.py's read_input gives {summary(picture)} for {picture_path}: "
                f"all pictures must be {shape} float32, as the first one is"
            )
        if dtype == torch.float32:
            return picture.contiguous().numpy().tobytes(), True
        pixels = (picture * 255).round().clamp(0, 255).to(torch.uint8)
        if not torch.equal(pixels.float() / 255, picture):
            raise DoesNotFitIntoBytes
        return pixels.contiguous().numpy().tobytes(), True

    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    is_read = bytearray()
    try:
        with ThreadPoolExecutor() as pool, unfinished.open("wb") as file:
            for start in tqdm(range(0, len(paths), AT_ONCE), "pictures", leave=False, disable=None):
                for content, good in pool.map(read_bytes, paths[start : start + AT_ONCE]):
                    file.write(content)
                    is_read.append(good)
            file.write(is_read)
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


class DoesNotFitIntoBytes(Exception):
    """A picture has values that are no whole 255ths."""


def read_picture(
    path: Path, channels: int, height: int, width: int, invert_paper: bool = False
) -> np.ndarray:
    """Return the picture in a file (C, H, W) uint8: upright, opaque, its proportions kept.

    Args:
        path: The file.
        channels: 1 makes it grey, 3 makes it red, green and blue.
        height: In pixels.
        width: In pixels.
        invert_paper: Make dark what is light where the corners of the picture are light.

    Raises:
        UserError: It cannot be read as a picture.
    """
    try:
        with Image.open(path) as file:
            file.draft(None, (2 * width, 2 * height))  # of a JPEG only as many pixels as needed
            picture = ImageOps.exif_transpose(file)
    except Exception as error:  # a damaged picture makes Pillow raise almost anything
        raise UserError(f"{path} cannot be read as a picture: {error}") from error
    if picture.mode.startswith("I"):  # 16 bits
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    picture = picture.convert("L" if channels == 1 else "RGB")
    if invert_paper and has_light_corners(picture):
        picture = ImageOps.invert(picture)
    picture = ImageOps.pad(picture, (width, height), Image.Resampling.BOX)
    return np.array(picture).reshape(height, width, channels).transpose(2, 0, 1)


def has_light_corners(picture: Image.Image) -> bool:
    """Return whether the four corners of a picture are as light as paper."""
    pixels = np.asarray(picture)
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
    return bool(corners.mean() > LIGHT_CORNERS)
