"""Save and load a run: complete, whole or not at all, checked when read."""

import json
import math
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any
from zipfile import BadZipFile, ZipFile

import torch
from torch import nn

from config import Config
from model import build_model
from settings import UserError, find_run

FORMAT = 1  # raise it when the keys of a checkpoint change
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
    except (OSError, RuntimeError) as error:  # torch wraps the error of a full disk
        partial.unlink(missing_ok=True)
        raise UserError(f"cannot write {path}, the one before it stays: {error}") from error


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Return a checkpoint, its tensors on the CPU. Nothing in the file is ever run."""
    if not path.exists():
        raise UserError(f"there is no {path} yet: let `python train.py` finish an epoch")
    try:
        with ZipFile(path) as archive:
            damaged = archive.testzip()  # torch.load does not look at the checksums
        state = None if damaged else torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, EOFError, RuntimeError, KeyError, ValueError, BadZipFile, UnpicklingError):
        state = None
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise UserError(f"{path} is damaged, or no checkpoint of this version of the project")
    return state


def load_weights(model: nn.Module, path: Path, state: dict[str, Any]) -> None:
    """Put a checkpoint's weights into the model that they were made with."""
    try:
        model.load_state_dict(state["model"])
    except RuntimeError as error:
        reason = str(error).split("\n\t")[1][:120]
        raise UserError(f"{path} does not fit model.py and config.py now: {reason}") from error


def check_data(splits: dict[str, Any], state: dict[str, Any], folder: Path) -> None:
    """Refuse data that are not those of the run: others would be in its three parts."""
    if any(splits[key] != state[key] for key in ("classes", "fingerprint")):
        raise UserError(f"the data have changed since {folder} began: train a new model on them")


def load_model(folder: Path, device: torch.device) -> tuple[nn.Module, Config, dict[str, Any]]:
    """Return a run's best model, ready to answer, its settings, and the whole checkpoint."""
    state = load_checkpoint(folder / "best.pt")
    config = Config.restore(state["config"])
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
    loss_sum: float | torch.Tensor = 0.0  # over the batches done in this epoch, on the device
    seconds: float = 0.0  # that they took
    signals: list[int] = field(default_factory=list)  # that ask the training to stop
    next_save: float = field(default_factory=lambda: time.monotonic() + 1)
    folder: Path = Path("runs")

    def begin(self) -> None:
        """Make the folder of a new run, with its settings in config.json."""
        self.folder = Path(self.config.run_dir or time.strftime("runs/%Y-%m-%d_%H-%M-%S"))
        if self.folder.exists() and not self.config.run_dir:  # another run, of this very second
            self.folder = Path(f"{self.folder}_{os.getpid()}")
        path = self.folder / "config.json"
        if path.exists() and path.stat().st_size:
            raise UserError(f"{self.folder} holds a run: add --resume, or name another --run-dir")
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self.config), indent=2), encoding="utf-8")

    def resume(self) -> None:
        """Move to where the run in the named folder, or the newest one, stands."""
        self.folder = find_run(self.config.run_dir)
        path = self.folder / "last.pt"
        if not path.exists():
            print(f"{self.folder} has no last.pt yet: starting from the beginning")
            return
        state = load_checkpoint(path)
        check_data(self.splits, state, self.folder)
        load_weights(self.model, path, state)
        for name in PARTS[1:]:
            getattr(self, name).load_state_dict(state[name])
        vars(self).update({name: state[name] for name in NUMBERS})
        print(f"going on after {len(self.history)} epochs and {self.batch} batches")

    def best(self) -> dict[str, Any]:
        """Return the row of the epoch with the lowest validation loss."""
        return min(self.history, key=lambda row: row["val_loss"])

    def is_finished(self) -> bool:
        """Return whether all epochs are done, or --patience has run out."""
        done, patience = len(self.history), self.config.patience
        waited = 0 < patience <= done and patience <= done - self.best()["epoch"]
        return waited or done >= self.config.epochs

    def mean_loss(self) -> float:
        """Return this epoch's training loss so far. This waits for the device."""
        self.loss_sum = float(self.loss_sum)
        loss = self.loss_sum / max(1, self.batch)
        if not math.isfinite(loss):  # better no checkpoint than a broken one
            raise UserError(f"the loss became {loss} by step {self.step}: try a lower --lr")
        return loss

    def save(self, name: str) -> None:
        """Write a checkpoint into the run's folder."""
        self.mean_loss()
        state = {"format": FORMAT, "config": asdict(self.config), "epoch": len(self.history)}
        state["best"] = self.best() if self.history else None
        state |= {key: self.splits[key] for key in ("classes", "inputs", "fingerprint")}
        state |= {part: getattr(self, part).state_dict() for part in PARTS}
        state |= {number: getattr(self, number) for number in NUMBERS}
        save_checkpoint(self.folder / name, state)

    def save_if_due(self) -> None:
        """Save by the clock, at --save-every, and before a signal ends the program."""
        every, now = self.config.save_every, time.monotonic()
        if self.signals or now > self.next_save or (every and self.step % every == 0):
            self.save("last.pt")
            took = time.monotonic() - now
            self.next_save = now + max(1, 50 * took)  # saving costs 2 % of the time at the most
        if self.signals:
            print(f'\nstopped and saved. Go on: python train.py --resume --run-dir "{self.folder}"')
            raise SystemExit(128 + self.signals[0])
