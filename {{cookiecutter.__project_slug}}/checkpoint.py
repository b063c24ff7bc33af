"""Save and load a run: complete, whole or not at all, checked when read."""

import json
import math
import os
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from commands.settings import UserError, find_run
from config import Config
from model import build_model
from parallel.models import gather, scatter
from parallel.processes import RANK, WORLD_SIZE, add_up, first_process_first, highest
from saving.files import load_checkpoint, load_newest, lock, save_checkpoint

PARTS = ("model", "optimizer", "scheduler", "scaler")
NUMBERS = ("history", "batch", "step", "sums", "seconds")


def load_part(part: Any, name: str, state: dict[str, Any], folder: Path) -> None:
    """Give the model, the optimizer or another part its state from a checkpoint."""
    try:
        part.load_state_dict(state[name])
    except (RuntimeError, ValueError, KeyError) as error:  # a layer more, another group
        reason = str(error).split("\n\t")[-1][:120]
        what = f"the {name} in {folder} does not fit the project's files now"
        raise UserError(f"{what}: {reason}") from error


def check_data(splits: dict[str, Any], state: dict[str, Any], folder: Path) -> None:
    """Refuse data that are not those of the run: others would be in its three parts."""
    if any(splits[key] != state[key] for key in ("classes", "fingerprint")):
        raise UserError(f"the data have changed since {folder} began: train a new model on them")


def load_model(folder: Path, device: torch.device) -> tuple[nn.Module, Config, dict[str, Any]]:
    """Return a run's best model, ready to answer, its settings, and the whole checkpoint."""
    state = load_checkpoint(folder / "best.pt")
    config = Config.restore(state["config"])
    model = build_model(config, state["classes"], state["inputs"])
    load_part(model, "model", state, folder)
    return model.to(device).eval(), config, state


@dataclass
class Run:
    """What changes during a training, and so what a checkpoint must hold."""

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
    score_sum: float | torch.Tensor = 0.0  # the same of the accuracy, or of the mean error
    sums: list[list[float]] = field(default_factory=list)  # both, by process, at the last save
    seconds: float = 0.0  # that the steps of this epoch took, without saves
    signals: list[int] = field(default_factory=list)  # that ask the training to stop
    next_save: float = field(default_factory=lambda: time.monotonic() + 1)
    folder: Path = Path("runs")
    lock: Any = field(default_factory=nullcontext)

    def begin(self) -> None:
        """Make the folder of a new run, with its settings in config.json."""
        if RANK > 0:
            return
        self.folder = Path(self.config.run_dir or time.strftime("runs/%Y-%m-%d_%H-%M-%S"))
        if self.folder.exists() and not self.config.run_dir:  # another run, of this very second
            self.folder = Path(f"{self.folder}_{os.getpid()}")
        path = self.folder / "config.json"
        if path.exists() and path.stat().st_size:
            raise UserError(f"{self.folder} holds a run: add --resume, or name another --run-dir")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = lock(self.folder)
        path.write_text(json.dumps(asdict(self.config), indent=2), encoding="utf-8")

    def resume(self) -> None:
        """Move to where the run in the named folder, or the newest one, stands."""
        self.folder = find_run(self.config.run_dir)
        with first_process_first():
            self.lock = lock(self.folder) if RANK == 0 else self.lock
            state = load_newest(self.folder / "last.pt")
        if state is None:
            print(f"{self.folder} has no last.pt yet: starting from the beginning")
            return
        check_data(self.splits, state, self.folder)
        if self.config.fsdp:
            scatter(self.model, self.optimizer, state)
        for part in PARTS[2:] if self.config.fsdp else PARTS:
            load_part(getattr(self, part), part, state, self.folder)
        for what, now in self.made_with().items():
            if now != (was := state["made_with"].get(what)):
                print(f"note: {what} was {was}, now it is {now}: the last bits may differ")
        vars(self).update({name: state[name] for name in NUMBERS})
        mean = [sum(both) / len(both) for both in zip(*self.sums, strict=True)]
        same = len(self.sums) == WORLD_SIZE
        self.loss_sum, self.score_sum = self.sums[RANK] if same else mean
        print(f"going on after {len(self.history)} epochs and {self.batch} batches")

    def made_with(self) -> dict[str, Any]:
        """Return what the last bits of a result depend on beside settings and data."""
        device = next(self.model.parameters()).device
        threads = {"threads": torch.get_num_threads()} if device.type == "cpu" else {}
        gpu = {"GPU": torch.cuda.get_device_name(device)} if device.type == "cuda" else {}
        made_with = {"PyTorch": str(torch.__version__), "device": device.type, **threads, **gpu}
        return {**made_with, "number of processes": WORLD_SIZE}

    def best(self) -> dict[str, Any]:
        """Return the row of the epoch with the lowest validation loss."""
        return min(self.history, key=lambda row: row["val_loss"])

    def is_finished(self) -> bool:
        """Return whether all epochs are done, or --patience has run out."""
        done, patience = len(self.history), self.config.patience
        waited = 0 < patience <= done and patience <= done - self.best()["epoch"]
        return waited or done >= self.config.epochs

    def means(self) -> tuple[float, float]:
        """Return this epoch's training loss and score so far. This waits for the device."""
        sums = torch.zeros(WORLD_SIZE, 2, dtype=torch.double)
        sums[RANK, 0], sums[RANK, 1] = self.loss_sum, self.score_sum
        self.sums = add_up(sums).tolist()
        loss, score = (sums.mean(dim=0) / max(1, self.batch)).tolist()
        return self.checked(loss), score

    def checked(self, loss: float) -> float:
        """Return the loss, or stop: better no checkpoint than a broken one."""
        if not math.isfinite(loss):
            where = f"by step {self.step}, in epoch {len(self.history) + 1}"
            advice = f"try a lower --lr; {self.folder} keeps what was saved before"
            raise UserError(f"the loss became {loss} {where}: {advice}")
        return loss

    def save(self, name: str) -> None:
        """Write a checkpoint into the run's folder. All processes must call it."""
        self.means()
        state: dict[str, Any] = {"config": asdict(self.config), "epoch": len(self.history)}
        state |= {"best": self.best() if self.history else None, "made_with": self.made_with()}
        state |= {key: self.splits[key] for key in ("classes", "inputs", "fingerprint")}
        state |= {part: getattr(self, part).state_dict() for part in PARTS}
        state |= {number: getattr(self, number) for number in NUMBERS}
        if self.config.fsdp:
            state |= gather(self.model, self.optimizer)
        if RANK == 0:
            save_checkpoint(self.folder / name, state, keep=name == "last.pt")

    def save_if_due(self) -> float:
        """Save by the clock, at --save-every, before a signal ends it all; return the seconds."""
        every, now, took = self.config.save_every, time.monotonic(), 0.0
        due = now > self.next_save or bool(every and self.step % every == 0)
        signal = self.signals[0] if self.signals else 0
        signal, due = highest(signal, due)  # so that all processes do the same
        if signal or due:
            self.save("last.pt")
            took = time.monotonic() - now
            self.next_save = now + max(1, 50 * took)  # saving costs 2 % of the time at the most
        if signal:
            start = "python" if WORLD_SIZE == 1 else "torchrun ..."
            print(
                f'\nstopped and saved. Go on: {start} train.py --resume --run-dir "{self.folder}"'
            )
            raise SystemExit(128 + signal)
        return took
