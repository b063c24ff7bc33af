"""What the checkpoints of a run hold, a model out of them, and one training in a folder."""

import errno
import hashlib
import os
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property
from inspect import signature
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from engine.average import average_in
from engine.checkpoint_file import (
    FORMAT,
    Checkpoint,
    DamagedError,
    previous,
    read_checkpoint,
    write_checkpoint,
)
from engine.data_identity import differences
from engine.dataset import Data, Info
from engine.errors import UserError, WriteError
from engine.names import as_on_disk
from engine.settings import Settings
from engine.whole_files import NO_LINK, refuse_special, rename

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ONCE = "once.pt"  # beside a run's checkpoints: what they all have in common
LARGE = 100_000  # characters: a text in Info that is longer is written once
OWN_DATA = "the project itself"  # where data are without --data
# What the system answers where another program has the lock, and where a disk has no locks.
LOCKED = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL, errno.EPERM}
# Types that torch.load gives back with weights_only=True. What is of a class of its own is not.
PLAIN = (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device, torch.Size)

SettingsType = TypeVar("SettingsType", bound=Settings)
InfoType = TypeVar("InfoType", bound=Info)


def save_checkpoint(path: Path, checkpoint: Checkpoint, keep: bool = False) -> None:
    """Write a checkpoint whole or not at all.

    Args:
        path: Where to.
        checkpoint: Tensors and plain values, and dicts and lists of these. Numbers of NumPy's
            become plain ones.
        keep: Leave the file that was there before as NAME.prev.pt.

    Raises:
        UserError: It cannot be written, and the file that was there stays; or it holds something
            that could not be loaded again.
    """
    content = {"format": FORMAT, **checkpoint}
    for name in content:
        content[name] = storable(content[name], name, path)

    try:
        write_checkpoint(path, content, previous(path) if keep else None)
    except WriteError as error:
        raise WriteError(f"{error}; the checkpoint before it stays") from error


def storable(value: Any, name: str, path: Path) -> Any:
    """Return a value as a checkpoint holds it: a number of NumPy's becomes a plain one.

    Args:
        value: A part of the checkpoint.
        name: How it is reached, for messages.
        path: Of the checkpoint.

    Raises:
        UserError: It is of a type that could not be loaded again.
    """
    if isinstance(value, dict):
        stored = {}
        for key, part in value.items():
            stored_key = storable(key, f"a key of {name}", path)
            stored[stored_key] = storable(part, f"{name}[{key!r}]", path)
        return stored
    if isinstance(value, list):
        return [storable(part, f"{name}[{number}]", path) for number, part in enumerate(value)]
    if isinstance(value, np.generic) and type(value.item()) in PLAIN:
        return value.item()
    if type(value) in PLAIN or isinstance(value, Tensor):
        return value
    if isinstance(value, tuple):
        parts = [storable(part, f"{name}[{number}]", path) for number, part in enumerate(value)]
        return tuple(parts)
    if isinstance(value, set):
        return {storable(part, name, path) for part in value}
    kind = f"{type(value).__module__}.{type(value).__name__}".removeprefix("builtins.")
    raise UserError(
        f"{path} cannot hold {name}, which is a {kind}: "
        "make it a number, a text, a list or a tensor"
    )


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
    if not os.path.lexists(place):
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

    model: dict[str, Tensor]  # frozen weights
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
    copies: dict[int, Tensor] = {}  # a weight may have two names, as where layers share it
    for name, weight in model.named_parameters(remove_duplicate=False):
        if name in frozen:
            if id(weight) not in copies:
                copies[id(weight)] = weight.detach().clone().cpu()
            weights[name] = copies[id(weight)]
    return Once(weights, long_texts(info))


def long_texts(info: Info) -> dict[str, str]:
    """Return the fields of an Info that hold a long text."""
    texts = {}
    for field in fields(info):
        value = getattr(info, field.name)
        if isinstance(value, str) and len(value) > LARGE:
            texts[field.name] = value
    return texts


def load_newest(path: Path) -> Checkpoint | None:
    """Return a checkpoint, or if it is damaged the one before it; None where there is neither."""
    before = previous(path)
    if not os.path.lexists(path) and os.path.lexists(before):  # killed between two renames
        rename(before, path)
    if not os.path.lexists(path):
        return None
    try:
        return load_checkpoint(path)
    except DamagedError as error:
        if not before.exists():
            raise
        checkpoint = load_checkpoint(before)
        print(f"{error}: going on from the one before it")
        rename(before, path)  # or the next save would keep the damaged one instead
        return checkpoint


def lock(folder: Path) -> BinaryIO:
    """Return an open file that keeps a second training out of the folder as long as this lives.

    Raises:
        UserError: Another training is at work there, or the disk cannot tell.
    """
    path = folder / "lock"
    with suppress(FileNotFoundError):
        refuse_special(path)
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o666), "r+b")
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # workers do not inherit it
    except OSError as error:
        if error.errno in LOCKED:
            file.close()
            advice = "wait for its end, or name another --run-dir"
            raise UserError(f"another training is at work in {folder}: {advice}") from error
        if error.errno not in NO_LOCKS:
            file.close()
            raise UserError(f"{path} cannot be locked: {error.strerror}") from error
        # Some network file systems have no locks.
        print(f"note: the disk of {folder} has no locks, so nothing keeps a second training out")
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
    except (RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
        # A layer more, another group.
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
    check_parts(checkpoint, folder, ("fingerprint",))
    changed = differences(checkpoint["fingerprint"], data, goes_on)
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
    path = folder / "best.pt"
    try:
        checkpoint = load_run_checkpoint(path)
    except DamagedError as error:
        before = previous(path)
        if not before.exists():
            raise
        advice = f"{before.name} holds the best model before it: give it this name"
        raise DamagedError(f"{error}; {advice}, or go on with --resume") from error
    settings = checkpoint["config"]
    if data is not None:
        settings = {**settings, "data": data}
    config = config_type.restore(settings)
    info = restore_info(checkpoint["info"], info_type)
    model = build_model(config, info)
    load_state(model, "model", {"model": weights_of(checkpoint)}, folder)
    return LoadedModel(model.to(device).eval(), config, info, checkpoint)


def load_run_checkpoint(path: Path) -> Checkpoint:
    """Return a checkpoint of a training: with a model, and all that is needed to answer with it.

    Raises:
        UserError: There is none, it is damaged, or it is no checkpoint of a training.
    """
    checkpoint = load_checkpoint(path)
    check_parts(checkpoint, path, ("config", "info", "model", "made_with"), ("epoch", "best"))
    check_class_names(checkpoint["info"])
    return checkpoint


def check_class_names(info: dict[str, Any]) -> None:
    """Refuse what a checkpoint has of its data if the classes have no names."""
    classes = info.get("classes", [])
    if not isinstance(classes, list | tuple) or not all(isinstance(one, str) for one in classes):
        raise UserError("the run is of another project: the names of its classes are no texts")


def check_parts(
    checkpoint: Checkpoint, path: Path, names: Collection[str], values: Collection[str] = ()
) -> None:
    """Refuse a checkpoint that is whole, but not of a training.

    Args:
        checkpoint: From load_checkpoint.
        path: Its file.
        names: The keys of the dicts that are needed.
        values: The keys of what else is needed.
    """
    lost = [name for name in names if not isinstance(checkpoint.get(name), dict)]
    lost += [name for name in values if name not in checkpoint]
    if lost:
        raise UserError(
            f"{path} is whole, but no checkpoint of a training of this project: "
            f"it has no {lost[0]!r}"
        )


def weights_of(checkpoint: Checkpoint) -> dict[str, Tensor]:
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
    check_parts(checkpoint, as_on_disk(settings.run_dir) / "last.pt", ("info",))
    return restore_info(checkpoint["info"], info_type)


def restore_info(saved: dict[str, Any], info_type: type[InfoType]) -> InfoType:
    """Return what a model must know of its data. Fields that data.py lost are left out."""
    lost = [field.name for field in fields(Info) if field.name not in saved]
    if lost:  # what every task has
        raise UserError(f"the run is of another project: its data have no {lost[0]!r}")
    known = {field.name for field in fields(info_type)}
    kept = {name: value for name, value in saved.items() if name in known}
    check_class_names(saved)
    try:
        return info_type(**kept)
    except TypeError as error:
        raise UserError(
            "the run is of another project or task: it was trained on data of another kind than "
            f"data.py's Info describes: {error}"
        ) from error
