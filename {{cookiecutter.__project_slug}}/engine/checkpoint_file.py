"""The file of a checkpoint: what torch.save writes, and behind it a digest of all its bytes.

PyTorch reads a file whose bits have changed without a word. So every byte of a checkpoint counts
in its digest, and what does not agree with it is refused. PyTorch takes no notice of the digest:
torch.load reads such a file as it reads any other.
"""

import hashlib
import pickletools
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, BinaryIO, cast
from zipfile import ZipFile

import numpy as np
import torch
from torch.serialization import get_unsafe_globals_in_checkpoint

from engine.errors import UserError
from engine.whole_files import open_regular, write_whole

FORMAT = 3  # raise it when the keys of a checkpoint change, or its file
SIGN = b"\nsha256 of all before this line:\n"  # between PyTorch's bytes and the digest
DIGEST_SIZE = hashlib.sha256().digest_size
BLOCK = 2**20  # bytes that are read at once

Checkpoint = dict[str, Any]  # what is in it: checkpoint() in run.py


class DamagedError(UserError):
    """A file is not what was written."""


class DigestingFile:
    """A file that is written to, and the digest of what was written so far."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def write(self, content: Any) -> int:
        """Write some bytes."""
        self.digest.update(content)
        return self.file.write(content)

    def flush(self) -> None:
        """Hand all bytes to the system."""
        self.file.flush()


def write_checkpoint(path: Path, content: Checkpoint, keep_as: Path | None = None) -> None:
    """Write a file whole or not at all.

    Args:
        path: Where to.
        content: All that torch.load gives back with weights_only=True.
        keep_as: The name that the file gets which was there before; None drops it.

    Raises:
        WriteError: It cannot be written.
    """

    def write(file: BinaryIO) -> None:
        digesting = DigestingFile(file)
        torch.save(content, cast(BinaryIO, digesting))  # it calls these two methods alone
        file.write(SIGN + digesting.digest.digest())

    write_whole(path, write, keep_as)


def previous(path: Path) -> Path:
    """Return where the checkpoint before this one is kept."""
    return path.with_name(f"{path.stem}.prev{path.suffix}")


def read_checkpoint(path: Path) -> Checkpoint:
    """Return a file of write_checkpoint as it is, its tensors on the CPU. Nothing in it is run.

    Raises:
        DamagedError: It is not what was written.
        UserError: There is none, or it is whole, but no checkpoint that this project reads.
    """
    try:
        with open_regular(path) as file:
            if not is_whole(file):
                raise refusal_without_digest(path, file)
            return load(path, file)
    except FileNotFoundError as error:
        advice = "let `python train.py` finish an epoch"
        if previous(path).exists():
            advice = f"{previous(path).name} holds the one before it: give it this name"
        raise UserError(f"there is no {path} yet: {advice}") from error
    except OSError as error:  # it may be whole all the same, and read the next time
        raise UserError(f"{path} cannot be read: {error.strerror}: try again") from error


def check_file(path: Path) -> None:
    """Refuse a file of write_checkpoint that is not what was written, without loading it.

    Raises:
        DamagedError: So it is.
        UserError: It is a link or no file.
        FileNotFoundError: There is none.
    """
    with open_regular(path) as file:
        if not is_whole(file):
            raise refusal_without_digest(path, file)


def is_whole(file: BinaryIO) -> bool:
    """Return whether a file ends with the digest of what stands before."""
    length = file.seek(0, 2) - len(SIGN) - DIGEST_SIZE
    if length < 0:
        return False
    file.seek(0)
    digest = hashlib.sha256()
    left = length
    while left > 0:
        block = file.read(min(BLOCK, left))
        if not block:  # it has become shorter
            return False
        digest.update(block)
        left -= len(block)
    return file.read() == SIGN + digest.digest()


def has_sign(file: BinaryIO) -> bool:
    """Return whether a file ends as those that write_checkpoint writes, whole or damaged."""
    length = file.seek(0, 2)
    file.seek(max(0, length - len(SIGN) - DIGEST_SIZE))
    return file.read(len(SIGN)) == SIGN


def load(path: Path, file: BinaryIO) -> Checkpoint:
    """Return the checkpoint in a file that is whole.

    Raises:
        UserError: It is not one that this project reads.
    """
    file.seek(0)
    try:
        checkpoint = torch.load(file, map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        raise UserError(f"{path} is whole, but {refused_type(file)}") from error
    if not isinstance(checkpoint, dict) or not isinstance(checkpoint.get("format"), int):
        raise UserError(f"{path} is whole, but no checkpoint of this project")
    check_version(path, checkpoint["format"])
    return checkpoint


def check_version(path: Path, version: int) -> None:
    """Refuse a checkpoint of another version of the project.

    Args:
        path: Of the checkpoint.
        version: Its "format".
    """
    if version > FORMAT:
        newer = f"a newer version of this project (format {version}, this one reads {FORMAT})"
        raise UserError(f"{path} was written by {newer}: update the project")
    if version < FORMAT:
        earlier = f"an earlier version of this project (format {version}, this one reads {FORMAT})"
        raise UserError(f"{path} was written by {earlier}: train a new model, or use that version")


def refusal_without_digest(path: Path, file: BinaryIO) -> UserError:
    """Return why a file that does not end with its digest is refused.

    Mostly it is damaged. But another version of the project may have written it, or another
    program. What can be read of it is used for this message alone.
    """
    damaged = DamagedError(f"{path} is damaged, or no checkpoint of this project")
    if has_sign(file):
        return damaged
    try:
        file.seek(0)
        with ZipFile(file) as archive:
            if archive.testzip() is not None:
                return damaged
        file.seek(0)
        content = torch.load(file, map_location="cpu", weights_only=True)
    except UnpicklingError:
        reason = refused_type(file)
        return DamagedError(f"{path} is damaged, or no checkpoint of this project: {reason}")
    except Exception:  # bytes that make no sense can make a reader raise almost anything
        return damaged
    version = content.get("format") if isinstance(content, dict) else None
    if isinstance(version, int) and version != FORMAT:
        try:
            check_version(path, version)
        except UserError as error:
            return error
    return damaged


def refused_type(file: BinaryIO) -> str:
    """Return what a file holds that torch.load does not load, in words.

    The instructions in the file are read, and never followed.
    """
    try:
        file.seek(0)
        refused = get_unsafe_globals_in_checkpoint(file)
        file.seek(0)
        with ZipFile(file) as archive:
            [name] = [name for name in archive.namelist() if name.endswith("/data.pkl")]
            content = archive.read(name)
        key, kind = first_of_types(content, refused)
    except Exception:  # bytes that make no sense can make a reader raise almost anything
        return "it holds a type that is not loaded"
    return f"it holds a type that is not loaded: {key} is a {kind}"


def first_of_types(content: bytes, types: list[str]) -> tuple[str, str]:
    """Return the key of the first value of one of these types, and its type.

    Args:
        content: A pickle, of which nothing is run.
        types: With the names of their modules.
    """
    key = "all of it"
    keys = {}  # by the numbers under which a pickle names them once more
    is_number = False  # the value is one of NumPy's, and a text that says of which type follows
    for operation, argument, _ in pickletools.genops(content):
        if operation.name in ("BINUNICODE", "SHORT_BINUNICODE"):
            if is_number:
                return key, f"numpy.{np.dtype(str(argument)).name}"
            key = str(argument)
        elif operation.name in ("BINPUT", "LONG_BINPUT"):
            keys[argument] = key
        elif operation.name in ("BINGET", "LONG_BINGET"):
            key = keys[argument]
        elif operation.name == "GLOBAL":
            kind = str(argument).replace(" ", ".")
            if kind.endswith("multiarray.scalar"):
                is_number = True
            elif kind.endswith("multiarray._reconstruct"):
                return key, "numpy.ndarray"
            elif kind in types and not is_number:
                return key, kind
    raise ValueError("there is no such value")
