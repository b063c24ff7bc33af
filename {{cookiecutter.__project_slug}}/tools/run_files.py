"""What the files in a run's folder say, and which run did best."""

import csv
import json
import math
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.metrics import (
    Comparison,
    Interval,
    best_row,
    lower_is_better,
    main_metric,
    score_text,
)
from engine.runs import RUNS, age, holds_run
from engine.settings import UserError
from engine.whole_files import read_text

NO_METRICS = ("n", "loss")  # other numbers in eval.json
MEASURES = ("precision", "recall", "f1-score", "support")  # of a class


VERDICTS = ("better", "worse", "unclear")  # of a comparison


@dataclass(frozen=True)
class Scores:
    """What eval.json says of a model."""

    split: str  # the part of the data: test, val or train
    examples: int
    metrics: dict[str, float]
    baselines: dict[str, dict[str, float]]  # the metrics of simpler models
    per_class: dict[str, dict[str, float]]  # precision, recall and so on; empty without classes
    loss: float | None
    intervals: dict[str, Interval] = field(default_factory=dict)  # 95 %, of metrics
    comparisons: dict[str, Comparison] = field(default_factory=dict)  # with the simpler models
    mistakes: list[dict[str, Any]] = field(default_factory=list)  # the worst ones
    confusions: list[dict[str, Any]] = field(default_factory=list)  # of classes, the most frequent
    # Those of simpler models, by their names.
    baseline_intervals: dict[str, dict[str, Interval]] = field(default_factory=dict)

    def of(self, name: str) -> float | None:
        """Return the score of that name, also the loss; None where there is none."""
        if name == "loss":
            return self.loss
        return self.metrics.get(name)

    def in_words(self, name: str) -> str:
        """Return a score with its interval; a dash where there is no score."""
        score = self.of(name)
        if score is None:
            return "-"
        if name not in self.intervals:
            return score_text(score)
        low, high = self.intervals[name]
        return f"{score_text(score)} ({score_text(low)} to {score_text(high)})"


@dataclass(frozen=True)
class RunFiles:
    """What is written about a run. What is missing or damaged is empty."""

    folder: Path
    config: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, float]] = field(default_factory=list)  # metrics.csv, a row per epoch
    scores: Scores | None = None  # of the model that is in best.pt; None without eval.py

    @property
    def best_by(self) -> str:
        """What best.pt is best in: loss, or a metric's name."""
        return str(self.config.get("best_by", "loss"))

    @property
    def best(self) -> dict[str, float]:
        """The row of the epoch whose model is kept in best.pt; empty before the first epoch."""
        if not self.history:
            return {}
        return best_row(self.history, self.best_by)

    @property
    def metrics(self) -> list[str]:
        """The names of the metrics of an epoch, in the order of model.py, without the loss."""
        names = []
        for name in self.best:
            if name.startswith("val_") and name != "val_loss":
                names.append(name.removeprefix("val_"))
        return names

    @property
    def main_metric(self) -> str:
        """What the run is judged by: --best-by, or the first metric where that is the loss."""
        return main_metric(self.metrics, self.best_by)

    @property
    def status(self) -> str:
        """Whether the training came to its end."""
        done = len(self.history)
        if not self.config:
            return "damaged"
        if done >= self.config["epochs"]:
            return "finished"
        patience = self.config.get("patience", 0)
        epochs_without_improvement = done - self.best.get("epoch", done)
        if patience > 0 and epochs_without_improvement >= patience:
            return "stopped early"
        return "unfinished"

    @property
    def duration(self) -> str:
        """How long all training steps took."""
        seconds = sum(row.get("seconds", 0) for row in self.history)
        if seconds < 120:
            return f"{seconds:.1f} s"
        if seconds < 7200:
            return f"{seconds / 60:.0f} min"
        return f"{seconds / 3600:.1f} h"


def list_runs() -> list[RunFiles]:
    """Return all runs in runs/ and the folders in it, the newest first.

    Raises:
        UserError: There is none.
    """
    folders = [Path(path) for path, _, _ in os.walk(RUNS) if holds_run(Path(path))]
    folders.sort(key=age, reverse=True)
    # What a run keeps in a folder of its own is no run.
    runs = [read_run(folder) for folder in folders if folder.parent not in folders]
    if not runs:
        raise UserError(f"there is no run in {RUNS}: `python train.py` makes one")
    return runs


def read_run(folder: Path) -> RunFiles:
    """Return what is written about a run."""
    config = read_json(folder / "config.json")
    if not isinstance(config.get("epochs"), int):
        config = {}
    history = read_history(folder / "metrics.csv")
    run = RunFiles(folder, config, history)
    return replace(run, scores=read_scores(folder, run.best.get("epoch")))


def read_json(path: Path) -> dict[str, Any]:
    """Return what is in a file, or nothing where it holds no JSON object."""
    with suppress(OSError, ValueError, RecursionError, UserError):
        found = json.loads(read_text(path))
        if isinstance(found, dict):
            return found
    return {}


def read_history(path: Path) -> list[dict[str, float]]:
    """Return the rows of metrics.csv up to the first damaged one."""
    history: list[dict[str, float]] = []
    with suppress(OSError, ValueError, csv.Error, UserError):
        lines = read_text(path).splitlines()
        for cells in csv.DictReader(lines):
            row = read_row(cells)
            if row is None:
                break
            history.append(row)
    return history


def read_row(cells: dict[str, str | None]) -> dict[str, float] | None:
    """Return the numbers of an epoch, or None for a damaged row. A metric may be missing in it.

    Raises:
        ValueError: There is something that is no number.
    """
    row = {}
    for name, cell in cells.items():
        if cell is None:  # the row is cut
            return None
        if cell:  # an empty one: the epoch was before the metric was added
            row[name] = float(cell)
    if "epoch" not in row or "val_loss" not in row:
        return None
    return row


def read_scores(folder: Path, epoch: float | None) -> Scores | None:
    """Return what eval.py has found, if it is of the model that is there.

    Args:
        folder: The run's.
        epoch: The best one so far, whose model is there.
    """
    found = read_json(folder / "eval.json")
    try:
        if "model" in found and found["model"]["epoch"] != epoch:
            return None
        metrics = {}
        for name, value in found.items():
            if isinstance(value, int | float) and name not in NO_METRICS:
                metrics[name] = float(value)
        per_class = found.get("per_class", {})
        of_baselines = found.get("baseline_intervals", {})
        loss = found.get("loss")
        return Scores(
            split=str(found["split"]),
            examples=int(found["n"]),
            metrics=metrics,
            baselines={name: numbers(of, list(of)) for name, of in found["baselines"].items()},
            per_class={name: numbers(of, MEASURES) for name, of in per_class.items()},
            loss=None if loss is None else float(loss),
            intervals=read_intervals(found.get("intervals", {})),
            comparisons=read_comparisons(found.get("comparisons", {})),
            mistakes=[read_mistake(one) for one in found.get("mistakes", [])],
            confusions=[read_confusion(one) for one in found.get("confusions", [])],
            baseline_intervals={name: read_intervals(of) for name, of in of_baselines.items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):  # it is damaged
        return None


def read_intervals(found: dict[str, Any]) -> dict[str, Interval]:
    """Return the intervals of eval.json.

    Raises:
        TypeError: There is something else, or a ValueError or an AttributeError.
    """
    intervals = {}
    for name, limits in found.items():
        low, high = limits
        intervals[name] = Interval(float(low), float(high))
    return intervals


def read_comparisons(found: dict[str, Any]) -> dict[str, Comparison]:
    """Return what eval.json says of simpler models.

    Raises:
        TypeError: There is something else, or a ValueError, a KeyError or an AttributeError.
    """
    comparisons = {}
    for model, saved in found.items():
        if saved["verdict"] not in VERDICTS:
            raise ValueError(f"{saved['verdict']} is no verdict")
        comparisons[model] = Comparison(str(saved["metric"]), saved["verdict"], float(saved["p"]))
    return comparisons


def read_mistake(saved: dict[str, Any]) -> dict[str, Any]:
    """Return a mistake of eval.json: two classes and a probability, or two numbers.

    Raises:
        TypeError: It is something else, or a ValueError or a KeyError.
    """
    one: dict[str, Any] = {}
    if "index" in saved:  # older files have none
        one["index"] = int(saved["index"])
    if "probability" not in saved:
        return {**one, "true": float(saved["true"]), "predicted": float(saved["predicted"])}
    classes = {"true": str(saved["true"]), "predicted": str(saved["predicted"])}
    return {**one, **classes, "probability": float(saved["probability"])}


def read_confusion(saved: dict[str, Any]) -> dict[str, Any]:
    """Return which class of eval.json was taken for which, and how often.

    Raises:
        TypeError: It is something else, or a ValueError or a KeyError.
    """
    classes = {"true": str(saved["true"]), "predicted": str(saved["predicted"])}
    return {**classes, "count": int(saved["count"])}


def numbers(values: dict[str, Any], names: Sequence[str]) -> dict[str, float]:
    """Return the numbers of these names.

    Raises:
        TypeError: There is something that is no number, or a ValueError or a KeyError.
    """
    return {name: float(values[name]) for name in names}


def sort_by_score(runs: list[RunFiles]) -> list[RunFiles]:
    """Return the runs, the best validation first; of equals, the lower loss.

    The --best-by of the newest run with an epoch says what counts. Runs without it come last.
    """
    judging = best_by_of(runs)
    return sorted(runs, key=lambda run: badness(run, judging))


def best_by_of(runs: list[RunFiles]) -> str:
    """Return what the newest run with an epoch was told to be best by."""
    return next((run.best_by for run in runs if run.history), "loss")


def badness(run: RunFiles, metric: str) -> tuple[float, float]:
    """Return what is lower, the better the validation in the run's best epoch."""
    loss = run.best.get("val_loss", math.inf)
    score = run.best.get(f"val_{metric}")
    if score is None:
        return math.inf, loss
    if lower_is_better(metric):
        return score, loss
    return -score, loss
