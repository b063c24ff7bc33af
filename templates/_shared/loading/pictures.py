"""Pictures in folders: found, split, decoded once, kept in a file for the next training."""

import hashlib
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from tqdm import tqdm

from commands.settings import UserError
from loading.splits import number_classes, split_indices

warnings.filterwarnings("ignore", module="PIL")  # a picture can be read, or it cannot
SUFFIXES = {".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff"}
PARTS = {
    "train": 0, "training": 0, "val": 1, "valid": 1, "validation": 1, "dev": 1, "test": 2,
    "testing": 2,
}  # fmt: skip


def list_folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, in order."""
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder: --data needs one, with a subfolder for each class")
    return sorted(one for one in folder.iterdir() if one.is_dir() and one.name[0] not in "._")


def list_pictures(place: Path) -> list[Path]:
    """Return the picture files in a folder and the folders in it, in order; or the file itself."""
    if not place.is_dir():
        return [place]
    files = [one for one in sorted(place.rglob("*")) if one.suffix.lower() in SUFFIXES]
    return [one for one in files if not any(p[0] == "." for p in one.relative_to(place).parts)]


def load_folder(folder: Path, size: int, skip_bad: bool) -> tuple[Any, ...]:
    """Return images, labels, classes, the rows of the three parts, notes, and which files."""
    tops = {one: PARTS.get(one.name.lower()) for one in list_folders(folder)}
    if not any(part == 0 and list_folders(one) for one, part in tops.items()):
        tops = {folder: 0}  # the user has not split them
    paths, names, places = [], [], []
    known = [(top, part) for top, part in tops.items() if part is not None]
    for one, part in ((one, part) for top, part in known for one in list_folders(top)):
        found = list_pictures(one)
        if not found:
            raise UserError(f"{one} holds no picture ({' '.join(sorted(SUFFIXES))})")
        paths += found
        names += [one.name] * len(found)
        places += [part] * len(found)
    if not paths:
        raise UserError(f"{folder} has no subfolders: put the pictures of each class into one")
    labels, classes = number_classes(names, folder)
    place = torch.tensor(places)
    parts = [torch.nonzero(place == part).flatten() for part in range(3)]
    if not all(map(len, parts)):  # cut what is missing out of the training part
        cut = [parts[0][rows] for rows in split_indices(labels[parts[0]])]
        train = torch.cat([cut[0], *(cut[part] for part in (1, 2) if len(parts[part]))])
        parts = [train, *(parts[part] if len(parts[part]) else cut[part] for part in (1, 2))]
    check_classes(labels[parts[0]], classes, folder)
    images, bad = read_all(paths, size, skip_bad)
    parts = [part[~torch.isin(part, torch.tensor(bad, dtype=torch.long))] for part in parts]
    check_classes(labels[parts[0]], classes, folder)
    notes = [f"pictures: {len(paths)} in {folder}, made {size} by {size} pixels"]
    notes += [f"left out, since it cannot be read: {paths[row]}" for row in bad]
    there = [one for one in folder.rglob("*") if one.is_file() and one.name[0] != "."]
    if others := len(there) - len(paths):
        notes.append(f"left out: {others} files, no pictures or in no folder of a class")
    files = [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in paths]
    return images, labels, classes, parts, notes, files


def check_classes(labels: Tensor, classes: list[str], folder: Path) -> None:
    """Refuse a class that has nothing to train with."""
    if missing := set(range(len(classes))) - set(labels.tolist()):
        raise UserError(f"class {classes[min(missing)]!r} in {folder} has no picture to train with")


def read_all(paths: list[Path], size: int, skip_bad: bool) -> tuple[Tensor, list[int]]:
    """Return all pictures (N, 3, H, W) uint8, mapped from a file, and the rows of bad ones.

    The file is written once, so that the next training on the same pictures starts at once.
    """
    files = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    key = hashlib.sha256(repr((size, skip_bad, files)).encode()).hexdigest()[:16]
    cache, length = Path("runs", "cache", key), 3 * size * size + 1

    def read(path: Path) -> bytes:  # the pixels, and whether they could be read
        try:
            return read_picture(path, 3, size, size).tobytes() + b"\1"
        except UserError as error:
            if skip_bad:
                return bytes(length)
            raise UserError(f"{error}; --skip-bad goes on without such pictures") from error

    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        unfinished = cache.with_suffix(f".{os.getpid()}")
        try:
            with ThreadPoolExecutor() as pool, unfinished.open("wb") as file:
                for start in tqdm(range(0, len(paths), 256), "pictures", leave=False, disable=None):
                    file.writelines(pool.map(read, paths[start : start + 256]))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(cache)
        finally:
            unfinished.unlink(missing_ok=True)
            with suppress(OSError):
                os.removedirs(cache.parent)  # where nothing is in it
    table = torch.from_numpy(np.memmap(cache, np.uint8, "c")).view(len(paths), length)
    images = table[:, :-1].unflatten(1, (3, size, size))
    return images, torch.nonzero(table[:, -1] == 0).flatten().tolist()


def read_picture(
    path: Path, channels: int, height: int, width: int, paper: bool = False
) -> np.ndarray:
    """Return the picture in a file (C, H, W) uint8: upright, opaque, its proportions kept.

    Where `paper` is set, a picture with light corners is inverted.
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
    if paper and np.asarray(picture)[[0, 0, -1, -1], [0, -1, 0, -1]].mean() > 160:
        picture = ImageOps.invert(picture)
    picture = ImageOps.pad(picture, (width, height), Image.Resampling.BOX)
    return np.array(picture).reshape(height, width, channels).transpose(2, 0, 1)
