"""The folder of a run: its settings, a row for each epoch, its checkpoints."""

import csv
import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from engine.checkpoint import ONCE, Checkpoint, Once, load_newest, lock, save_checkpoint
from engine.names import as_on_disk
from engine.processes import RANK, first_process_first
from engine.settings import Settings, UserError, find_run


class RunFolder:
    """Where a run is kept. Process 0 alone writes into it."""

    def __init__(self, path: Path, made: list[Path] | None = None) -> None:
        self.path = path
        self.made = made or []  # it and the folders above it that were not there before

    @classmethod
    def begin(cls, settings: Settings) -> "RunFolder":
        """Make the folder of a new run, with its settings in config.json.

        Raises:
            UserError: The folder holds a run already.
        """
        path = as_on_disk(settings.run_dir or time.strftime("runs/%Y-%m-%d_%H-%M-%S"))
        if RANK > 0:
            return cls(path)
        if path.exists() and settings.run_dir is None:  # another run began in this very second
            path = Path(f"{path}_{os.getpid()}")
        config = path / "config.json"
        if config.exists() and config.stat().st_size > 0:
            raise UserError(f"{path} holds a run: add --resume, or name another --run-dir")
        made = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
        config.write_text(json.dumps(asdict(settings), indent=2), encoding="utf-8")
        return cls(path, made)

    @classmethod
    def find(cls, settings: Settings) -> "RunFolder":
        """Return the folder of the run to go on with."""
        return cls(find_run(settings.run_dir))

    @contextmanager
    def locked(self) -> Generator[None]:
        """Keep a second training out of the folder."""
        if RANK > 0:
            yield
            return
        with lock(self.path):
            yield

    def remove(self) -> None:
        """Remove the folder of a training that did not take a single step."""
        if RANK > 0:
            return
        for name in ("config.json", "lock", ONCE):
            (self.path / name).unlink(missing_ok=True)
        with suppress(OSError):  # one that holds something else stays
            for folder in self.made:
                folder.rmdir()

    def load_last(self) -> Checkpoint | None:
        """Return the last checkpoint, or None where the run has not saved any yet."""
        with first_process_first():  # it may have to rename files
            return load_newest(self.path / "last.pt")

    def save(self, name: str, checkpoint: Checkpoint) -> None:
        """Write a checkpoint; beside a new last.pt the one before it stays."""
        if RANK == 0:
            save_checkpoint(self.path / name, checkpoint, keep=name == "last.pt")

    def save_once(self, once: Once) -> None:
        """Write what all checkpoints of the run have in common."""
        if RANK == 0 and once.key:
            content = {"key": once.key, "model": once.model, "info": once.info}
            save_checkpoint(self.path / ONCE, content)

    def write_metrics(self, history: list[dict[str, float]]) -> None:
        """Write metrics.csv: a row for each epoch."""
        if RANK > 0:
            return
        with (self.path / "metrics.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, history[-1].keys(), restval="", lineterminator="\n")
            writer.writeheader()
            for row in history:
                writer.writerow({name: row.get(name, "") for name in history[-1]})
