"""What a search has found: its best trials, how to train like the best, and what mattered."""

import os
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import optuna
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import FrozenTrial

from config import Config
from engine.metrics import score_text
from engine.plots import save_figure
from engine.settings import flag
from tools.study import RUNS, ranked, score_of, settings_of

SHOWN = 5  # trials in the table
COLUMNS = 3  # of panels in the picture


def show_best(study: optuna.Study, config: Config) -> None:
    """Print the best trials and the command of the first, and draw what mattered.

    Args:
        study: The search.
        config: The settings that are the same in all trials.
    """
    best = ranked(study)
    if not best:
        print("no trial came to its end: try other ranges in SEARCH in config.py")
        return
    names = list(best[0].params)
    print(f"\n{len(best)} trials came to their end. The best on validation data:")
    print_table(table_of(study, best[:SHOWN], config))
    first = settings_of(study, best[0], config)
    print("\nthe best again:", command_line(first, names))
    if len(best) > 1 and names:
        path = RUNS / f"{study.study_name}.png"
        draw_search(study, path)
        print(f"what mattered: {path}")
    print(f'next: python eval.py --run-dir "{first.run_dir}"')


def table_of(study: optuna.Study, trials: list[FrozenTrial], config: Config) -> list[list[str]]:
    """Return a table as text: a trial in each line, its scores and what was tried in it."""
    scores = [score_of(study)]
    if "val_loss" not in scores:
        scores.append("val_loss")
    names = list(trials[0].params)
    table = [["trial", *scores, "epoch", *names]]
    for trial in trials:
        settings = asdict(settings_of(study, trial, config))
        row = [str(trial.number)]
        for name in scores:
            row.append(score_text(trial.user_attrs[name]))
        row.append(str(trial.user_attrs["epoch"]))
        for name in names:
            row.append(str(settings[name]))
        table.append(row)
    return table


def print_table(table: list[list[str]]) -> None:
    """Print the lines of a table, its columns below each other."""
    widths = []
    for column in zip(*table, strict=True):
        widths.append(max(len(cell) for cell in column))
    for line in table:
        cells = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(cells))


def command_line(config: Config, names: Iterable[str]) -> str:
    """Return the command that trains so.

    Args:
        config: The settings of the training.
        names: Of those to name in any case; others only where config.py says otherwise.
    """
    words = ["python", "train.py"]
    defaults = asdict(Config())
    for name, value in asdict(config).items():
        if name == "run_dir":
            continue
        if value == defaults[name] and name not in names:
            continue
        if value is True:
            words.append(flag(name))
        elif value is False:
            words.append(flag("no_" + name))
        elif isinstance(value, tuple):
            words += [flag(name), *[str(part) for part in value]]
        else:
            words += [flag(name), str(value)]
    if os.name == "nt":
        return subprocess.list2cmdline(words)
    return shlex.join(words)


def draw_search(study: optuna.Study, path: Path) -> None:
    """Draw the score of the better trials against each setting, what mattered most first."""
    best = ranked(study)
    importances = importances_of(study, list(best[0].params))
    count = -(-3 * len(best) // 4)  # three quarters: bad ones would make all others look the same
    better = best[:count]
    rows = -(-len(importances) // COLUMNS)
    figure = Figure(figsize=(9, 0.5 + 3 * rows), layout="constrained")
    figure.suptitle(f"The better {len(better)} of {len(best)} trials; the star is the best")
    figure.supylabel(score_of(study))
    panels = list(figure.subplots(rows, COLUMNS, squeeze=False, sharey=True).flat)
    for panel in panels[len(importances) :]:
        figure.delaxes(panel)
    for panel, (name, importance) in zip(panels, importances.items(), strict=False):
        draw_setting(panel, name, better)
        panel.set_title(f"{importance:.0%} of the difference")
    save_figure(figure, path)


def importances_of(study: optuna.Study, names: list[str]) -> dict[str, float]:
    """Return how much of the differences between trials each setting explains: in all 1."""
    judge = optuna.importance.FanovaImportanceEvaluator(seed=0)
    try:
        return optuna.importance.get_param_importances(study, evaluator=judge)
    except RuntimeError:  # all trials have the same score
        return dict.fromkeys(names, 0.0)


def draw_setting(panel: Axes, name: str, trials: list[FrozenTrial]) -> None:
    """Draw the score of trials, the best first, against one setting."""
    kind = trials[0].distributions[name]
    values = [trial.params[name] for trial in trials]
    scores = [trial.value for trial in trials if trial.value is not None]  # all have one
    if isinstance(kind, CategoricalDistribution):
        values = [kind.choices.index(value) for value in values]
        labels = [str(choice) for choice in kind.choices]
        panel.set_xticks(range(len(labels)), labels)
        panel.set_xlim(-0.5, len(labels) - 0.5)
    elif isinstance(kind, FloatDistribution | IntDistribution):
        panel.set_xlim(kind.low, kind.high)
        panel.set_xscale("log" if kind.log else "linear")
    panel.plot(values, scores, "o", alpha=0.5, clip_on=False)
    panel.plot(values[0], scores[0], "*", markersize=15, clip_on=False)
    panel.set_xlabel(name)
