"""Save and load a run: complete, whole or not at all, checked when read."""

import math
import os
import pickle
import time
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from config import Config
from model import build_model
from settings import UserError, find_run, new_run

FORMAT = 1  # raise it when the keys of a checkpoint change
SECONDS_BETWEEN_SAVES = 5  # a save takes milliseconds, but so does an epoch of a small model
PARTS = ("model", "optimizer", "scheduler", "scaler")
NUMBERS = ("history", "batch", "step", "loss_sum", "seconds")


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write the file whole or not at all, so that no crash can spoil the last good one."""
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())  # on the disk before its name is: a power cut is a crash too
        partial.replace(path)
        if os.name == "posix":  # Windows cannot open a folder
            folder = os.open(path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
    except (OSError, RuntimeError) as error:  # torch wraps the error of a full disk
        partial.unlink(missing_ok=True)
        raise UserError(f"cannot write {path}, the one before it stays: {error}") from error


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Return a checkpoint, its tensors on the CPU. Nothing in the file is ever run.

    https://docs.pytorch.org/docs/stable/generated/torch.load.html
    """
    if not path.exists():
        raise UserError(f"there is no {path} yet: let `python train.py` finish an epoch")
    try:
        with zipfile.ZipFile(path) as archive:
            intact = archive.testzip() is None  # torch.load does not look at the checksums
        state = torch.load(path, map_location="cpu", weights_only=True) if intact else {}
    except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, pickle.PickleError):
        state = {}
    if "format" not in state:
        raise UserError(f"{path} is damaged, or no checkpoint of this project")
    if state["format"] != FORMAT:
        raise UserError(f"{path} has format {state['format']}, this project reads format {FORMAT}")
    return state


def load_weights(model: nn.Module, path: Path, state: dict[str, Any]) -> None:
    """Put a checkpoint's weights into the model that they were made with."""
    try:
        model.load_state_dict(state["model"])
    except RuntimeError as error:
        reason = str(error).split("\n\t")[1]
        raise UserError(f"{path} does not fit model.py and config.py now: {reason}") from error


def load_model(folder: Path, device: torch.device) -> tuple[nn.Module, Config, dict[str, Any]]:
    """Return a run's best model, ready to answer, its settings, and the whole checkpoint."""
    state = load_checkpoint(folder / "best.pt")
    try:
        config = Config(**state["config"])
    except TypeError as error:
        raise UserError(f"{folder / 'best.pt'} does not fit config.py now: {error}") from error
    model = build_model(config, state["classes"], state["inputs"])
    load_weights(model, folder / "best.pt", state)
    return model.to(device).eval(), config, state


@dataclass
class Run:
    """What moves in a training, and so what a checkpoint must hold."""

    config: Config
    splits: dict[str, Any]
    model: nn.Module
    optimizer: torch.optim.Optimizer
    scheduler: torch.optim.lr_scheduler.LRScheduler
    scaler: torch.amp.GradScaler
    history: list[dict[str, Any]] = field(default_factory=list)  # metrics.csv, a row per epoch
    batch: int = 0  # batches done in this epoch
    step: int = 0  # batches done in all
    loss_sum: float = 0.0  # over the batches done in this epoch
    seconds: float = 0.0  # that they took
    losses: list[Tensor] = field(default_factory=list)  # on the device, not yet in loss_sum
    signals: list[int] = field(default_factory=list)  # that ask the training to stop
    saved_at: float = field(default_factory=time.monotonic)
    folder: Path = Path("runs")

    def begin_or_resume(self) -> None:
        """Make the run's folder, or move to where the run to resume stands."""
        if not self.config.resume:
            self.folder = new_run(self.config)
            return
        self.folder = find_run(self.config.run_dir)
        path = self.folder / "last.pt"
        if not path.exists():
            print(f"{self.folder} has no last.pt yet: starting from the beginning")
            return
        state = load_checkpoint(path)
        load_weights(self.model, path, state)
        for name in PARTS[1:]:
            getattr(self, name).load_state_dict(state[name])
        vars(self).update({name: state[name] for name in NUMBERS})
        print(f"going on after {len(self.history)} epochs and {self.batch} batches")

    def best(self) -> dict[str, Any]:
        """Return the best epoch's row: the highest accuracy, and among equals the lowest loss."""
        return max(self.history, key=lambda row: (row["val_accuracy"], -row["val_loss"]))

    def is_finished(self) -> bool:
        """Return whether all epochs are done, or --patience has run out."""
        done, patience = len(self.history), self.config.patience
        return done >= self.config.epochs or 0 < patience <= done - self.best()["epoch"]

    def add_up_losses(self) -> None:
        """Bring the losses of the last steps into loss_sum. This waits for the device."""
        for loss in torch.stack(self.losses).tolist() if self.losses else []:
            self.loss_sum += loss  # one by one: a resumed run must round as an unbroken one does
        self.losses.clear()
        if not math.isfinite(self.loss_sum):
            reason = f"the loss became {self.loss_sum} by step {self.step}; last.pt is from before"
            raise UserError(f"{reason}: try a --lr below {self.config.lr}, or --clip-norm 1")

    def save(self, name: str) -> None:
        """Write a checkpoint into the run's folder."""
        self.add_up_losses()
        state = {
            "format": FORMAT,
            "config": asdict(self.config),
            "classes": self.splits["classes"],
            "inputs": self.splits["inputs"],
            "epoch": len(self.history),
            "best": self.best()["val_accuracy"] if self.history else None,
        }
        state |= {name: getattr(self, name).state_dict() for name in PARTS}
        state |= {name: getattr(self, name) for name in NUMBERS}
        save_checkpoint(self.folder / name, state)
        self.saved_at = time.monotonic()

    def save_if_due(self) -> None:
        """Save by the clock, at --save-every, and before a signal ends the program."""
        every = self.config.save_every
        due = time.monotonic() - self.saved_at > SECONDS_BETWEEN_SAVES
        if self.signals or due or (every and self.step % every == 0):
            self.save("last.pt")
        if self.signals:
            print(f"stopped and saved. Go on: python train.py --resume --run-dir {self.folder}")
            raise SystemExit(128 + self.signals[0])
