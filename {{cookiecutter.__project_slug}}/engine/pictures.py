"""Pictures in folders: found, their classes and their parts, and read."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from engine import picture_file
from engine.cache_file import CACHE
from engine.dataset import Info
from engine.names import composed
from engine.picture_cache import DecodedPictures, cache_key, decode_all, state_of
from engine.picture_file import PictureError, Ranges
from engine.picture_survey import Survey, load_survey, survey_pictures
from engine.settings import UserError
from engine.splits import Split, fingerprint, group_identical, number_classes, split_indices

InfoType = TypeVar("InfoType", bound=Info)

SUFFIXES = {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif", ".tif"}
SUFFIXES |= {".tiff", ".avif", ".heic", ".heif", ".hif", ".jp2", ".ppm", ".pgm", ".pbm", ".tga"}
# Photos that cannot be read. They are listed with the others, so that they are named.
UNREADABLE = {".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2"}
ENDS = tuple(SUFFIXES | UNREADABLE)  # of the names of pictures
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


@dataclass
class FoundPictures:
    """Pictures in a folder with a subfolder for each class."""

    folder: Path
    paths: list[Path]
    names: list[str]  # of the files, from the folder on: the same on every system
    labels: Tensor  # (N,) int64, the number of each picture's class
    classes: list[str]  # the names of the subfolders
    states: list[str]  # of the files as they were found, from state_of
    parts: list[str]  # "train", "val" or "test" for each picture, as the folders say
    survey: Survey  # what the pictures are like
    survey_path: Path | None  # where to keep that; None where it is kept already
    notes: list[str]  # what was left out, and what may be a mistake


class ReadPictures(NamedTuple):
    """Decoded pictures."""

    tensor: Tensor  # (N, C, H, W) uint8 or float32, mapped from a file
    split: Split  # as the folders are split, or else 60, 20 and 20 % of each class
    notes: list[str]  # what was left out, and what may be a mistake
    fingerprint: str  # of the contents of all files


def read_picture(
    path: Path,
    channels: int,
    height: int,
    width: int,
    ranges: Ranges | None = None,
    invert_paper: bool = False,
) -> np.ndarray:
    """Return the picture in a file (C, H, W) float32 in 0..1: upright, opaque, not stretched.

    Args:
        path: The file.
        channels: 1 makes it grey, 3 makes it red, green and blue.
        height: In pixels.
        width: In pixels.
        ranges: Which values become 0 and 1 where there are more than 8 bits: from a Survey.
        invert_paper: Make dark what is light where the corners of the picture are light.

    Raises:
        UserError: It cannot be read as a picture.
    """
    try:
        return picture_file.read_picture(path, channels, height, width, ranges, invert_paper)
    except PictureError as error:
        raise UserError(str(error)) from error


def sort_key(path: Path) -> tuple[list[str], tuple[str, ...]]:
    """Return what pictures are sorted by, which is the same on every system.

    Two names that look the same, each in a form of Unicode of its own, have an order, too.
    """
    return [composed(part) for part in path.parts], path.parts


def list_folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, in order; hidden ones do not count."""
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder: --data needs one, with a subfolder for each class")
    folders = [path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._"]
    return sorted(folders, key=sort_key)


def list_pictures(path: Path) -> list[Path]:
    """Return the picture files in a folder and the folders in it, in order; or the file itself."""
    if not path.is_dir():
        return [path]
    pictures = []
    for folder, folders, names in os.walk(path):  # which tells files from folders by itself
        folders[:] = [name for name in folders if name[0] != "."]  # os.walk goes on into these
        for name in names:
            if name[0] != "." and name.lower().endswith(ENDS):
                pictures.append(Path(folder, name))
    return sorted(pictures, key=sort_key)


def find_pictures(folder: Path) -> FoundPictures:
    """Return the pictures in a folder.

    Args:
        folder: Has a subfolder for each class; or folders train, val and test with these.

    Raises:
        UserError: It has no such folders, or a class has nothing to train with.
    """
    paths, class_names, parts = [], [], []
    for top, part in split_folders(folder):
        for class_folder in list_folders(top):
            pictures = list_pictures(class_folder)
            if not pictures:
                kinds = " ".join(sorted(SUFFIXES))
                raise UserError(f"{class_folder} holds no picture ({kinds})")
            paths += pictures
            class_names += [composed(class_folder.name)] * len(pictures)
            parts += [part] * len(pictures)
    if not paths:
        raise UserError(f"{folder} has no subfolders: put the pictures of each class into one")
    labels, classes = number_classes(class_names, folder)
    in_train = torch.tensor([part == "train" for part in parts])
    check_classes(labels[in_train], classes, folder)
    states = [state_of(path) for path in paths]
    survey_path = CACHE / f"{cache_key(states, 'survey')}.survey"
    kept = load_survey(survey_path)
    return FoundPictures(
        folder=folder,
        paths=paths,
        names=[composed(path.relative_to(folder).as_posix()) for path in paths],
        labels=labels,
        classes=classes,
        states=states,
        parts=parts,
        survey=kept or survey_pictures(paths),
        survey_path=None if kept else survey_path,
        notes=[*describe_others(folder, paths), *describe_alike(classes)],
    )


def split_folders(folder: Path) -> list[tuple[Path, str]]:
    """Return the folders that hold folders of classes, and which part of the data each is."""
    tops = []
    for top in list_folders(folder):
        part = PART_NAMES.get(composed(top.name).lower())
        if part is not None:
            tops.append((top, part))
    for top, part in tops:
        if part == "train" and list_folders(top):
            return tops
    return [(folder, "train")]  # the user has not split them


def describe_others(folder: Path, paths: list[Path]) -> list[str]:
    """Return a line about the files that are no pictures, or in no folder of a class."""
    pictures = set(paths)
    kinds: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path in pictures or path.name[0] == ".":
            continue
        if path.is_file():
            kinds[path.suffix.lower() or "without a suffix"] += 1
        elif path.is_symlink() and path.is_dir() and path.parent != folder:
            kinds["link to a folder"] += 1  # a class may be a link, a folder in it may not
    if not kinds:
        return []
    shown = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(5))
    return [f"left out: {kinds.total()} files, no pictures or in no folder of a class ({shown})"]


def describe_alike(classes: list[str]) -> list[str]:
    """Return lines about classes whose names differ in small and capital letters alone."""
    by_letters: dict[str, list[str]] = {}
    for name in classes:
        by_letters.setdefault(name.casefold().strip(), []).append(name)
    lines = []
    for names in by_letters.values():
        if len(names) > 1:
            shown = " and ".join(repr(name) for name in names)
            lines.append(f"warning: {shown} are different classes: if they are one, rename them")
    return lines


def check_classes(
    labels: Tensor, classes: list[str], folder: Path, notes: Sequence[str] = ()
) -> None:
    """Refuse a class that has nothing to train with.

    Args:
        labels: Of what trains (N,).
        classes: The names of all classes.
        folder: The user's, for the message.
        notes: What may be the reason.
    """
    missing = set(range(len(classes))) - set(labels.tolist())
    if not missing:
        return
    name = classes[min(missing)]
    reasons = list(notes)
    for other in classes:
        if other != name and other.casefold().strip() == name.casefold().strip():
            reasons.append(f"is it {other!r}? Then give both folders one name")
    why = "".join(f"; {reason}" for reason in reasons)
    raise UserError(f"class {name!r} in {folder} has no picture to train with{why}")


def read_all(
    found: FoundPictures,
    read_input: Callable[[Path, InfoType], Tensor],
    info: InfoType,
    skip_bad: bool,
) -> ReadPictures:
    """Return all pictures, and which of them train, validate and test.

    Identical pictures stay together in one part. Those that are in several classes do not train,
    since nobody can say which class is right.

    Args:
        found: From find_pictures.
        read_input: That of data.py: makes a tensor (C, H, W) float32 out of a file.
        info: Handed to read_input.
        skip_bad: Go on without the pictures that cannot be read.

    Raises:
        UserError: A picture cannot be read, or pictures differ in shape.
    """
    decoded = decode_all(found.paths, found.states, read_input, info, skip_bad)
    if found.survey_path is not None:
        found.survey.save(found.survey_path)
    notes = [*found.notes, *found.survey.notes(), *describe_records(found, decoded)]
    groups = group_pictures(decoded)
    is_read = torch.from_numpy(decoded.records["is_read"].copy())
    in_train = torch.tensor([part == "train" for part in found.parts])
    contradicts = find_contradictions(found.labels, groups) & is_read
    left_out = contradicts & in_train
    split = split_pictures(found, groups, is_read & ~left_out)
    copies = describe_copies(found, groups, contradicts, is_read & ~left_out)
    check_classes(found.labels[split.train], found.classes, found.folder, copies)
    contents = [digest.tobytes() for digest in decoded.records["file"]]
    return ReadPictures(
        tensor=decoded.tensor,
        split=split,
        notes=[*notes, *copies],
        fingerprint=fingerprint(list(zip(found.names, contents, strict=True))),
    )


def describe_records(found: FoundPictures, decoded: DecodedPictures) -> list[str]:
    """Return lines about the pictures that cannot be read, and about those of one colour."""
    lines = []
    for row, is_read in enumerate(decoded.records["is_read"]):
        if not is_read:
            lines.append(f"left out, since it cannot be read: {found.paths[row]}")
    rows = decoded.records["is_one_colour"].nonzero()[0]
    if len(rows) > 0:
        first = found.names[int(rows[0])]
        lines.append(f"note: {len(rows)} pictures are one colour and nothing else, such as {first}")
    return lines


def group_pictures(decoded: DecodedPictures) -> Tensor:
    """Return a number for each picture (N,): the same one where they are identical to the model."""
    keys: list[bytes | int] = []
    for row, record in enumerate(decoded.records):
        keys.append(record["pixels"].tobytes() if record["is_read"] else row)
    return group_identical(keys)


def find_contradictions(labels: Tensor, groups: Tensor) -> Tensor:
    """Return which pictures (N,) are identical to one in another class."""
    classes_of: dict[int, set[int]] = {}
    for group, label in zip(groups.tolist(), labels.tolist(), strict=True):
        classes_of.setdefault(group, set()).add(label)
    return torch.tensor([len(classes_of[group]) > 1 for group in groups.tolist()])


def split_pictures(found: FoundPictures, groups: Tensor, is_kept: Tensor) -> Split:
    """Return the split that the folders make; a part that is missing is cut out of train.

    Args:
        found: The pictures.
        groups: (N,), from group_pictures.
        is_kept: (N,) bool: the others are in no part.
    """
    rows = {}
    for name in Split._fields:
        is_here = torch.tensor([part == name for part in found.parts])
        rows[name] = torch.nonzero(is_here & is_kept).flatten()
    train, val, test = rows["train"], rows["val"], rows["test"]
    if "val" in found.parts and "test" in found.parts:
        return Split(train, val, test)
    cut = split_indices(found.labels[train], groups[train])
    kept = [cut.train]
    if "val" in found.parts:
        kept.append(cut.val)
    else:
        val = train[cut.val]
    if "test" in found.parts:
        kept.append(cut.test)
    else:
        test = train[cut.test]
    return Split(train=train[torch.cat(kept)], val=val, test=test)


def describe_copies(
    found: FoundPictures, groups: Tensor, contradicts: Tensor, is_kept: Tensor
) -> list[str]:
    """Return lines about identical pictures.

    Args:
        found: The pictures.
        groups: (N,), from group_pictures.
        contradicts: (N,) bool: it is in another class, too.
        is_kept: (N,) bool: it is in a part.
    """
    members: dict[int, list[int]] = {}
    for row, group in enumerate(groups.tolist()):
        members.setdefault(group, []).append(row)
    copies = [rows for rows in members.values() if len(rows) > 1]
    lines = []
    alike = [rows for rows in copies if not contradicts[rows[0]]]
    if alike:
        count = sum(len(rows) - 1 for rows in alike)
        lines.append(f"identical pictures: {count} are copies of others, {pair(found, alike[0])}")
    unlike = [rows for rows in copies if contradicts[rows[0]]]
    if unlike:
        left_out = int((contradicts & ~is_kept).sum())
        lines.append(
            f"left out: {left_out} pictures, since identical ones are in different classes, "
            f"{pair(found, unlike[0])}"
        )
    for part in ("val", "test"):
        shared = []
        for rows in copies:
            here = [row for row in rows if found.parts[row] == part and is_kept[row]]
            others = [row for row in rows if found.parts[row] != part and is_kept[row]]
            if here and others:
                shared.append([here[0], others[0]])
        if shared:
            lines.append(
                f"warning: {len(shared)} pictures of {part} are in another part, too, "
                f"{pair(found, shared[0])}: its scores will be too good"
            )
    return lines


def pair(found: FoundPictures, rows: list[int]) -> str:
    """Return the names of two pictures as an example."""
    return f"such as {found.names[rows[0]]} and {found.names[rows[1]]}"
