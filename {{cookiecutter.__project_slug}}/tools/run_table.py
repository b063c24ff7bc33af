"""The table of all runs for the terminal."""

import shutil
import sys

from engine.metrics import score_text as decimals
from engine.plots import cut, width
from tools.run_files import RUNS, RunFiles

HIDDEN = ("run_dir", "resume", "save_every", "epochs")  # not what a training is, or seen anyway
WIDEST_CELL = 300


def show_runs(runs: list[RunFiles], first: str = "") -> None:
    """Print a table; where the terminal is too narrow for a line, its end is cut.

    Args:
        runs: In the order of the lines.
        first: The metric whose columns come first, also the loss; '' leaves them as model.py does.
    """
    metrics = [first] if first else []
    for run in runs:
        for name in run.metrics:
            if name not in metrics:
                metrics.append(name)
    if not metrics:
        metrics = ["loss"]
    settings = differing_settings(runs)

    rows = [headings(metrics)]
    for run in runs:
        cells = row_of(run, metrics, settings)
        rows.append([cut(cell, WIDEST_CELL) for cell in cells])
    widths = []
    for column in zip(*rows, strict=True):
        widths.append(max(width(cell) for cell in column))

    screen = 1000  # a pipe or a file takes the whole line
    if sys.stdout.isatty():
        screen = shutil.get_terminal_size().columns
    for row in rows:
        padded = []
        for cell, room in zip(row, widths, strict=True):
            padded.append(cell + " " * (room - width(cell)))
        print(cut("  ".join(padded).rstrip(), screen))


def differing_settings(runs: list[RunFiles]) -> list[str]:
    """Return the names of the settings that are not the same in all runs."""
    values: dict[str, set[str]] = {}
    with_settings = [run for run in runs if run.config]
    for run in with_settings:
        for name in run.config:
            values[name] = {repr(other.config.get(name)) for other in with_settings}
    return [name for name in values if len(values[name]) > 1 and name not in HIDDEN]


def headings(metrics: list[str]) -> list[str]:
    """Return the first line of the table."""
    scores = []
    for name in metrics:
        scores += [f"val {name}", f"test {name}"]
    return ["run", *scores, "epochs", "time", "training", "settings that differ"]


def row_of(run: RunFiles, metrics: list[str], settings: list[str]) -> list[str]:
    """Return a run's line of the table."""
    scores = []
    for name in metrics:
        scores.append(score_text(run.best.get(f"val_{name}")))
        scores.append(tested(run, name))
    changes = []
    for name in settings:
        if name in run.config:
            changes.append(f"{name}={setting_text(run.config[name])}")
    return [
        run.folder.relative_to(RUNS).as_posix(),
        *scores,
        f"{len(run.history)} of {run.config.get('epochs', '?')}",
        run.duration,
        run.status,
        " ".join(changes),
    ]


def tested(run: RunFiles, metric: str) -> str:
    """Return a score of the test data; that of the main metric with its 95 % interval."""
    if run.scores is None or run.scores.split != "test":
        return "-"
    if metric == run.main_metric:
        return run.scores.in_words(metric)
    return score_text(run.scores.of(metric))


def score_text(score: float | None) -> str:
    """Return a score for the table; a dash where there is none."""
    if score is None:
        return "-"
    return decimals(score)


def setting_text(value: object) -> str:
    """Return the value of a setting for the table, a number with the digits that count."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)
