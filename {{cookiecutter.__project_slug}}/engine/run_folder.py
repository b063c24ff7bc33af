"""The folder of a run: its settings, a row for each epoch, its checkpoints."""

import csv
import io
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from engine.checkpoint import ONCE, Once, load_newest, lock, save_checkpoint
from engine.checkpoint_file import (
    Checkpoint,
    DamagedError,
    check_file,
    previous,
    read_checkpoint,
)
from engine.errors import UserError
from engine.names import as_on_disk
from engine.processes import RANK, first_process_first
from engine.restarts import note_run
from engine.runs import (
    CHECKPOINTS,
    CONFIG,
    RunIdentity,
    config_with,
    find_run,
    holds_run,
    identity_of,
    read_config,
    write_config,
)
from engine.settings import Settings
from engine.whole_files import remove_left_behind, rename, write_text_whole

METRICS = "metrics.csv"


class RunFolder:
    """Where a run is kept. Process 0 alone writes into it, and keeps a second training out.

    Args:
        path: The folder.
        identity: Of the run.
        lock_file: Is open as long as no other training may write here; in process 0 alone.
        made: It and the folders above it that were not there before.
    """

    def __init__(
        self,
        path: Path,
        identity: RunIdentity,
        lock_file: BinaryIO | None = None,
        made: list[Path] | None = None,
    ) -> None:
        self.path = path
        self.identity = identity
        self.lock_file = lock_file
        self.made = made or []

    @classmethod
    def begin(cls, settings: Settings) -> "RunFolder":
        """Make the folder of a new run, with its settings in config.json.

        Raises:
            UserError: The folder holds a run already, or another training is at work in it.
        """
        path = as_on_disk(settings.run_dir or time.strftime("runs/%Y-%m-%d_%H-%M-%S"))
        if RANK > 0:
            return cls(path, RunIdentity())
        if settings.run_dir is None and path.exists():  # another run began in this very second
            path = Path(f"{path}_{os.getpid()}")
        made = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
        files = cls(path, RunIdentity(), made=made)
        try:
            files.lock_file = lock(path)
            if holds_run(path):
                raise UserError(f"{path} holds a run: add --resume, or name another --run-dir")
            files.identity = RunIdentity.begin(path)
            write_config(path, config_with(asdict(settings), files.identity))
        except BaseException:
            files.remove_made()
            raise
        note_run(path)
        return files

    @classmethod
    def find(cls, settings: Settings) -> "RunFolder":
        """Return the folder of the run to go on with.

        Raises:
            UserError: There is no run, or another training is at work in it.
        """
        path = find_run(settings.run_dir)
        if RANK > 0:
            return cls(path, RunIdentity())
        lock_file = lock(path)
        for name in (CONFIG, METRICS, ONCE, *CHECKPOINTS):
            remove_left_behind(path / name)
        return cls(path, identity_of(read_config(path)), lock_file)

    @contextmanager
    def locked(self) -> Generator[None]:
        """Let other trainings in when the block ends."""
        try:
            yield
        finally:
            if self.lock_file is not None:
                self.lock_file.close()

    def remove(self) -> None:
        """Remove the folder of a training that did not take a single step."""
        if RANK > 0:
            return
        for name in (CONFIG, ONCE):
            (self.path / name).unlink(missing_ok=True)
        self.remove_made()

    def remove_made(self) -> None:
        """Remove the folders that were made for this run, if nothing is in them."""
        if self.lock_file is not None:
            self.lock_file.close()
            (self.path / "lock").unlink(missing_ok=True)
        with suppress(OSError):  # one that holds something else stays
            for folder in self.made:
                folder.rmdir()

    def load_last(self) -> Checkpoint | None:
        """Return the last checkpoint, or None where the run has not saved any yet."""
        with first_process_first():  # it may have to rename files
            return load_newest(self.path / "last.pt")

    def mend_best(self, last: Checkpoint) -> bool:
        """Return whether the best model is there, after putting it right where that can be done.

        Args:
            last: The last checkpoint. Where it is of the best epoch, it takes the place of a
                damaged best.pt.
        """
        path = self.path / "best.pt"
        if last["best"] is None:  # no epoch is done yet
            return True
        with first_process_first():
            if RANK == 0:
                mend(path, last)
            return path.exists()

    def save(self, name: str, checkpoint: Checkpoint) -> None:
        """Write a checkpoint; the one before it stays beside it."""
        if RANK == 0:
            save_checkpoint(self.path / name, checkpoint, keep=True)

    def save_once(self, once: Once) -> None:
        """Write what all checkpoints of the run have in common."""
        if RANK == 0 and once.key:
            content = {"key": once.key, "model": once.model, "info": once.info}
            save_checkpoint(self.path / ONCE, content)

    def write_metrics(self, history: list[dict[str, float]]) -> None:
        """Write metrics.csv: a row for each epoch."""
        if RANK > 0:
            return
        file = io.StringIO()
        writer = csv.DictWriter(file, history[-1].keys(), restval="", lineterminator="\n")
        writer.writeheader()
        for row in history:
            writer.writerow({name: row.get(name, "") for name in history[-1]})
        write_text_whole(self.path / METRICS, file.getvalue())


def mend(path: Path, last: Checkpoint) -> None:
    """Put a best.pt right that is lost or damaged, as far as that can be done, and say so.

    Args:
        path: Of best.pt.
        last: The last checkpoint of the run.
    """
    before = previous(path)
    what = f"{path} is lost"
    try:
        check_file(path)
        return
    except FileNotFoundError:
        # Killed between two renames, while a better epoch was saved: that epoch comes once more.
        if before.exists() and read_checkpoint(before)["epoch"] == last["best"]["epoch"]:
            rename(before, path)
            return
    except DamagedError as error:
        what = str(error)
    is_of_best_epoch = last["epoch"] == last["best"]["epoch"] and last["progress"]["batch"] == 0
    if is_of_best_epoch:
        save_checkpoint(path, last)
        print(f"{what}: last.pt is of the same epoch and takes its place")
    elif before.exists():
        rename(before, path)
        print(f"{what}: the best model before it takes its place")
    else:
        path.unlink(missing_ok=True)
        print(f"{what}: it will be that of the next epoch, or a better one")
