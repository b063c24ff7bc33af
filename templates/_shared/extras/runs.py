"""What the files in a run's folder say, and a table of all runs for the terminal."""

import csv
import json
import math
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.settings import UserError
from showing.plots import cut, width

RUNS = Path("runs")
HIDDEN = ("run_dir", "resume", "save_every", "epochs")  # not what a training is, or seen anyway


@dataclass(frozen=True)
class RunFiles:
    """What is written about a run; what is missing or damaged is empty."""

    folder: Path
    config: dict[str, Any]
    history: list[dict[str, float]]
    scores: dict[str, Any]

    @property
    def best(self) -> dict[str, float]:
        """Return the row of the epoch whose model is kept: the lowest validation loss."""
        return min(self.history, key=lambda row: row.get("val_loss", math.inf), default={})

    @property
    def status(self) -> str:
        """Return whether the training came to its end."""
        done, patience = len(self.history), self.config.get("patience", 0)
        if not self.config:
            return "damaged"
        if done >= self.config["epochs"]:
            return "finished"
        waited = 0 < patience <= done - self.best.get("epoch", done)
        return "stopped early" if waited else "unfinished"

    @property
    def time(self) -> str:
        """Return how long all training steps took."""
        seconds = sum(row.get("seconds", 0) for row in self.history)
        if seconds < 120:
            return f"{seconds:.1f} s"
        return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def read_json(path: Path) -> dict[str, Any]:
    """Return what is in a file, or nothing where it holds no JSON object."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def read_run(folder: Path) -> RunFiles:
    """Return what is written about a run; scores only if they are of the model that is there."""
    config, history, scores = read_json(folder / "config.json"), [], folder / "eval.json"
    with suppress(OSError, ValueError, TypeError, csv.Error):  # up to the first damaged row
        lines = (folder / "metrics.csv").read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(lines):
            history.append({name: float(value) for name, value in row.items()})
    with suppress(OSError):
        if scores.stat().st_mtime < (folder / "best.pt").stat().st_mtime:
            scores = Path()
    known, found = config if isinstance(config.get("epochs"), int) else {}, read_json(scores)
    whole = {"split", "n", "baselines"} <= found.keys()
    return RunFiles(folder, known, history, found if whole else {})


def list_runs() -> list[RunFiles]:
    """Return all runs in runs/ and the folders in it, the newest first."""
    begun = [path for path in RUNS.rglob("config.json") if path.stat().st_size]
    runs = [path for path in begun if path.parent.parent / path.name not in begun]
    if not runs:
        raise UserError(f"there is no run in {RUNS}: `python train.py` makes one")
    runs.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    return [read_run(path.parent) for path in runs]


def badness(run: RunFiles) -> tuple[float, ...]:
    """Return what is lower, the better the run's best validation."""
    mae, accuracy = run.best.get("val_mae", math.inf), run.best.get("val_accuracy", -math.inf)
    return mae, -accuracy, run.best.get("val_loss", math.inf)


def differing(runs: list[RunFiles]) -> list[str]:
    """Return the names of the settings that are not the same in all runs."""
    names = dict.fromkeys(name for run in runs for name in run.config)
    values = {name: {repr(run.config.get(name)) for run in runs if run.config} for name in names}
    return [name for name in names if len(values[name]) > 1 and name not in HIDDEN]


def row_of(run: RunFiles, kinds: list[str], settings: list[str]) -> list[str]:
    """Return a run's line of the table."""
    tested = run.scores if run.scores.get("split") == "test" else {}
    scores = [value for kind in kinds for value in (run.best.get(f"val_{kind}"), tested.get(kind))]
    values = {name: run.config[name] for name in settings if name in run.config}
    values = {k: f"{v:.4g}" if isinstance(v, float) else v for k, v in values.items()}
    return [
        run.folder.relative_to(RUNS).as_posix(),
        *("-" if score is None else f"{score:,.4f}" for score in scores),
        f"{len(run.history)} of {run.config.get('epochs', '?')}",
        run.time,
        run.status,
        " ".join(f"{name}={value}" for name, value in values.items()),
    ]


def show_runs(runs: list[RunFiles]) -> None:
    """Print a table; where the terminal is too narrow for a line, its end is cut."""
    kinds = [kind for kind in ("accuracy", "mae") if any(f"val_{kind}" in run.best for run in runs)]
    scores = [f"{part} {kind}" for kind in kinds for part in ("val", "test")]
    head = ["run", *scores, "epochs", "time", "training", "settings that differ"]
    settings = differing(runs)
    rows = [head, *(row_of(run, kinds, settings) for run in runs)]
    rows = [[cut(cell, 300) for cell in row] for row in rows]
    sizes = [max(map(width, column)) for column in zip(*rows, strict=True)]
    screen = shutil.get_terminal_size().columns if sys.stdout.isatty() else 1000
    for row in rows:
        cells = [text + " " * (size - width(text)) for text, size in zip(row, sizes, strict=True)]
        print(cut("  ".join(cells).rstrip(), screen))
