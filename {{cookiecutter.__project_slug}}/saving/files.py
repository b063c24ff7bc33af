"""Checkpoint files: whole or not there, checked when read, and one training in a folder."""

import errno
import os
import sys
from pathlib import Path
from pickle import UnpicklingError
from typing import Any
from zipfile import BadZipFile, ZipFile

import torch

from commands.settings import UserError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FORMAT = 1  # raise it when the keys of a checkpoint change


def save_checkpoint(path: Path, state: dict[str, Any], keep: bool = False) -> None:
    """Write the file whole or not at all; with `keep` the one before it stays as NAME.prev.pt."""
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            torch.save({"format": FORMAT, **state}, file)
            file.flush()
            os.fsync(file.fileno())  # on the disk before its name is: a power cut is a crash too
        if keep and path.exists():
            path.replace(previous(path))
        partial.replace(path)
        if os.name != "nt":  # Windows has no way to do this
            folder = os.open(path.parent, os.O_RDONLY)
            os.fsync(folder)  # the names, too
            os.close(folder)
    except (OSError, RuntimeError) as error:  # torch wraps the error of a full disk
        partial.unlink(missing_ok=True)
        cause = error if isinstance(error, OSError) else error.__context__ or error
        why = f"{path.parent} is full" if getattr(cause, "errno", 0) == errno.ENOSPC else cause
        raise UserError(f"cannot write {path}, the one before it stays: {why}") from error


def previous(path: Path) -> Path:
    """Return where the checkpoint before this one is kept."""
    return path.with_name(f"{path.stem}.prev{path.suffix}")


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Return a checkpoint, its tensors on the CPU. Nothing in the file is ever run."""
    if not path.exists():
        raise UserError(f"there is no {path} yet: let `python train.py` finish an epoch")
    try:
        with ZipFile(path) as archive:
            damaged = archive.testzip()  # torch.load does not look at the checksums
        state = None if damaged else torch.load(path, map_location="cpu", weights_only=True)
    except PermissionError:
        raise
    except (OSError, EOFError, RuntimeError, KeyError, ValueError, BadZipFile, UnpicklingError):
        state = None
    if not isinstance(state, dict) or not isinstance(version := state.get("format"), int):
        raise UserError(f"{path} is damaged, or no checkpoint of this project")
    if version > FORMAT:
        newer = f"a newer version of this project (format {version}, this one reads {FORMAT})"
        raise UserError(f"{path} was written by {newer}: update the project")
    return state


def load_newest(path: Path) -> dict[str, Any] | None:
    """Return the checkpoint, or if it is damaged the one before it; nothing where there is none."""
    if not path.exists() and previous(path).exists():  # killed between two renames
        previous(path).replace(path)
    if not path.exists():
        return None
    try:
        return load_checkpoint(path)
    except UserError as error:
        if not previous(path).exists():
            raise
        state = load_checkpoint(previous(path))
        print(f"{error}: going on from the one before it")
        previous(path).replace(path)  # or the next save would keep the damaged one instead
        return state


def lock(folder: Path) -> Any:
    """Return an open file that keeps a second training out of the folder as long as this lives."""
    file = (folder / "lock").open("w", encoding="utf-8")
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # workers do not inherit it
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):  # a disk has none
            advice = "wait for its end, or name another --run-dir"
            raise UserError(f"another training is at work in {folder}: {advice}") from error
    return file
