"""Checkpoint files: whole or not there, checked when read, and one training in a folder."""

import errno
import hashlib
import os
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from functools import cached_property
from inspect import signature
from io import TextIOWrapper
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Generic, TypeVar
from zipfile import BadZipFile, ZipFile

import torch
from torch import nn

from engine.average import average_in
from engine.data_identity import differences, identity
from engine.dataset import Data, Info
from engine.names import as_on_disk
from engine.settings import Settings, UserError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FORMAT = 2  # raise it when the keys of a checkpoint change
ONCE = "once.pt"  # beside a run's checkpoints: what they all have in common
LARGE = 100_000  # characters: a text in Info that is longer is written once
OWN_DATA = "the project itself"  # where data are without --data
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)

SettingsType = TypeVar("SettingsType", bound=Settings)
InfoType = TypeVar("InfoType", bound=Info)
Checkpoint = dict[str, Any]  # what is in it: checkpoint() in run.py


def save_checkpoint(path: Path, checkpoint: Checkpoint, keep: bool = False) -> None:
    """Write a checkpoint whole or not at all.

    Args:
        path: Where to.
        checkpoint: Tensors and plain values, and dicts and lists of these.
        keep: Leave the file that was there before as NAME.prev.pt.

    Raises:
        UserError: It cannot be written; the file that was there stays.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            torch.save({"format": FORMAT, **checkpoint}, file)
            file.flush()
            os.fsync(file.fileno())  # on the disk before its name is: a power cut is a crash too
        if keep and path.exists():
            path.replace(previous(path))
        partial.replace(path)
        sync_folder(path.parent)
    except (OSError, RuntimeError) as error:
        partial.unlink(missing_ok=True)
        raise UserError(
            f"cannot write {path}, the one before it stays: {reason_of(error, path)}"
        ) from error


def sync_folder(folder: Path) -> None:
    """Put the names of the files in a folder on the disk."""
    if os.name == "nt":
        return  # Windows has no way to do this
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def reason_of(error: OSError | RuntimeError, path: Path) -> str:
    """Return in words why a file could not be written."""
    cause: BaseException = error
    if isinstance(error, RuntimeError) and error.__context__:  # torch hides the disk's own error
        cause = error.__context__
    if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
        return f"{path.parent} is full"
    return str(cause)


def previous(path: Path) -> Path:
    """Return where the checkpoint before this one is kept."""
    return path.with_name(f"{path.stem}.prev{path.suffix}")


def load_checkpoint(path: Path) -> Checkpoint:
    """Return a checkpoint, its tensors on the CPU. Nothing in the file is ever run.

    What is written once for all checkpoints of a run is put back into it.

    Raises:
        UserError: There is none, it is damaged, or a newer version of the project wrote it.
    """
    checkpoint = read_checkpoint(path)
    key = checkpoint.get("once")
    if not key:
        return checkpoint
    place = path.with_name(ONCE)
    if not place.exists():
        raise UserError(f"{path} needs {ONCE}, which it was written with: put it beside it")
    once = read_checkpoint(place)
    if once.get("key") != key:
        raise UserError(f"{place} belongs to another run than {path}: put the right one beside it")
    checkpoint["model"] = {**once["model"], **checkpoint["model"]}
    checkpoint["info"] = {**checkpoint["info"], **once["info"]}
    return checkpoint


@dataclass(frozen=True)
class Once:
    """What stays the same in all checkpoints of a run, and is written once: in once.pt."""

    model: dict[str, torch.Tensor]  # frozen weights
    info: dict[str, str]  # long texts, such as a tokenizer

    @cached_property
    def key(self) -> str:
        """Return a text that tells this from others; empty where there is nothing."""
        if not self.model and not self.info:
            return ""
        digest = hashlib.blake2b(digest_size=16)
        for name, tensor in self.model.items():
            digest.update(name.encode())
            digest.update(tensor.cpu().contiguous().flatten().view(torch.uint8).numpy())
        for name, text in self.info.items():
            digest.update(name.encode())
            digest.update(text.encode())
        return digest.hexdigest()


def find_once(model: nn.Module, frozen: Collection[str], info: Info) -> Once:
    """Return what is the same in all checkpoints of a run.

    Args:
        model: Whose weights are loaded.
        frozen: The names of those that stand still for a while, or always.
        info: What is known of the data.
    """
    weights = {}
    for name, weight in model.named_parameters():
        if name in frozen:
            weights[name] = weight.detach().clone().cpu()
    return Once(weights, long_texts(info))


def long_texts(info: Info) -> dict[str, str]:
    """Return the fields of an Info that hold a long text."""
    texts = {}
    for field in fields(info):
        value = getattr(info, field.name)
        if isinstance(value, str) and len(value) > LARGE:
            texts[field.name] = value
    return texts


def read_checkpoint(path: Path) -> Checkpoint:
    """Return a file of save_checkpoint as it is, its tensors on the CPU.

    Raises:
        UserError: There is none, it is damaged, or a newer version of the project wrote it.
    """
    if not path.exists():
        raise UserError(f"there is no {path} yet: let `python train.py` finish an epoch")
    checkpoint = None
    try:
        with ZipFile(path) as archive:
            damaged = archive.testzip()  # torch.load does not look at the checksums
        if damaged is None:
            checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    except PermissionError:
        raise
    except (OSError, EOFError, RuntimeError, KeyError, ValueError, BadZipFile, UnpicklingError):
        checkpoint = None
    if not isinstance(checkpoint, dict) or not isinstance(checkpoint.get("format"), int):
        raise UserError(f"{path} is damaged, or no checkpoint of this project")
    version = checkpoint["format"]
    if version > FORMAT:
        newer = f"a newer version of this project (format {version}, this one reads {FORMAT})"
        raise UserError(f"{path} was written by {newer}: update the project")
    return checkpoint


def load_newest(path: Path) -> Checkpoint | None:
    """Return a checkpoint, or if it is damaged the one before it; None where there is neither."""
    if not path.exists() and previous(path).exists():  # killed between two renames
        previous(path).replace(path)
    if not path.exists():
        return None
    try:
        return load_checkpoint(path)
    except UserError as error:
        if not previous(path).exists():
            raise
        checkpoint = load_checkpoint(previous(path))
        print(f"{error}: going on from the one before it")
        previous(path).replace(path)  # or the next save would keep the damaged one instead
        return checkpoint


def lock(folder: Path) -> TextIOWrapper:
    """Return an open file that keeps a second training out of the folder as long as this lives.

    Raises:
        UserError: Another training is at work there.
    """
    file = (folder / "lock").open("w", encoding="utf-8")
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # workers do not inherit it
    except OSError as error:
        # Some network file systems have no locks: then nothing keeps a second training out.
        if error.errno not in NO_LOCKS:
            advice = "wait for its end, or name another --run-dir"
            raise UserError(f"another training is at work in {folder}: {advice}") from error
    return file


def load_state(part: Any, name: str, checkpoint: Checkpoint, folder: Path) -> None:
    """Give a model, an optimizer or the like its state from a checkpoint.

    Args:
        part: Has a `load_state_dict`.
        name: Its key in the checkpoint.
        checkpoint: From load_checkpoint.
        folder: The run's, for messages.

    Raises:
        UserError: It does not fit, since the project's files have changed.
    """
    try:
        part.load_state_dict(checkpoint[name])
    except (RuntimeError, ValueError, KeyError) as error:  # a layer more, another group
        reason = str(error).split("\n\t")[-1][:120]
        what = f"the {name} in {folder} does not fit the project's files now"
        raise UserError(f"{what}: {reason}") from error


def check_data(
    data: Data,
    checkpoint: Checkpoint,
    folder: Path,
    place: str | None = None,
    goes_on: bool = False,
) -> None:
    """Refuse data that are not those of a run: its test data may be training data now.

    Args:
        data: From load_data.
        checkpoint: Of the run.
        folder: The run's, for messages.
        place: Where the data were read, --data; None for those that come with the project.
        goes_on: Whether the run shall go on with them; if not, it is scored.
    """
    saved = checkpoint["fingerprint"]
    changed = differences(saved, identity(data), goes_on)
    if not changed:
        return
    before = checkpoint["config"].get("data")
    if place != before:
        raise UserError(
            f"the data in {place or OWN_DATA} are not those in {before or OWN_DATA} that {folder} "
            "was trained on: name these, or train a new model"
        )
    advice = "train a new model on them"
    if not data.fingerprint:
        advice += " (does random_split in data.py lack a seeded generator?)"
    what = ", ".join(changed)
    raise UserError(f"the data have changed since {folder} began ({what}): {advice}")


@dataclass(frozen=True)
class LoadedModel(Generic[SettingsType, InfoType]):
    """A trained model, and what belongs to it."""

    model: nn.Module  # ready to answer, on its device
    config: SettingsType
    info: InfoType
    checkpoint: Checkpoint


def load_model(
    folder: Path,
    device: torch.device,
    config_type: type[SettingsType],
    info_type: type[InfoType],
    build_model: Callable[[SettingsType, InfoType], nn.Module],
    data: str | None = None,
) -> LoadedModel[SettingsType, InfoType]:
    """Return the best model of a run, in evaluation mode.

    Args:
        folder: The run's.
        device: Where the model shall be.
        config_type: Config of config.py.
        info_type: Info of data.py.
        build_model: That of model.py.
        data: Where the run's data are now; None where they have not moved.
    """
    checkpoint = load_checkpoint(folder / "best.pt")
    settings = checkpoint["config"]
    if data is not None:
        settings = {**settings, "data": data}
    config = config_type.restore(settings)
    info = restore_info(checkpoint["info"], info_type)
    model = build_model(config, info)
    load_state(model, "model", {"model": weights_of(checkpoint)}, folder)
    return LoadedModel(model.to(device).eval(), config, info, checkpoint)


def weights_of(checkpoint: Checkpoint) -> dict[str, torch.Tensor]:
    """Return the weights that answer: with --ema their average, not those it was made of."""
    return {**checkpoint["model"], **average_in(checkpoint.get("average", {}))}


def load_same_data(
    load_data: Callable[..., Data],
    loaded: LoadedModel[SettingsType, InfoType],
    folder: Path,
) -> Data:
    """Return the data that a run was trained on.

    Args:
        load_data: That of data.py. If it has an argument `known`, it gets what the run knows of
            its data.
        loaded: From load_model, which was told where the data are now.
        folder: The run's.

    Raises:
        UserError: They are not there, or these are others.
    """
    place = getattr(loaded.config, "data", None)
    try:
        if "known" in signature(load_data).parameters:
            data = load_data(loaded.config, known=loaded.info)
        else:
            data = load_data(loaded.config)
    except (UserError, OSError) as error:
        # A data.py of one's own may take --data for a name instead of a place: so it is asked.
        if place is None or Path(place).exists():
            raise
        before = loaded.checkpoint["config"].get("data")
        if place == before:
            advice = "if it has moved, --data says where it is now"
            raise UserError(
                f"{folder} was trained on {before}, which is not there: {advice}"
            ) from error
        raise UserError(
            f"{place} is not there: --data says where the data of {folder} are now, which were in "
            f"{before or OWN_DATA}"
        ) from error
    check_data(data, loaded.checkpoint, folder, place)
    return data


def info_of_resumed(settings: Settings, info_type: type[InfoType]) -> InfoType | None:
    """Return what a run that goes on knows of its data; None for a new run.

    Args:
        settings: With --resume, `run_dir` is the folder of the run.
        info_type: Info of data.py.
    """
    if not settings.resume or settings.run_dir is None:
        return None
    checkpoint = load_newest(as_on_disk(settings.run_dir) / "last.pt")
    if checkpoint is None:  # it was stopped before it had one
        return None
    return restore_info(checkpoint["info"], info_type)


def restore_info(saved: dict[str, Any], info_type: type[InfoType]) -> InfoType:
    """Return what a model must know of its data. Fields that data.py lost are left out."""
    known = {field.name for field in fields(info_type)}
    kept = {name: value for name, value in saved.items() if name in known}
    try:
        return info_type(**kept)
    except TypeError as error:
        raise UserError(
            f"the run was trained on data of another kind than data.py's Info describes: {error}"
        ) from error
