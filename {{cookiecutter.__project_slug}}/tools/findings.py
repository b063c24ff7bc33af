"""What a search has found: its best trials, how to train like the best, what clearly matters."""

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
from scipy.stats import kruskal

from config import Config
from engine.metrics import score_text
from engine.plots import save_figure
from engine.settings import flag
from tools.study import RUNS, ranked, score_of, settings_of

SHOWN = 5  # trials in the table
COLUMNS = 3  # of panels in the picture
GROUPS = 3  # trials with a low, a middle and a high value of a setting
FEWEST = 3  # trials in a group
CHANCE = 0.05  # of naming any setting that does not matter


def show_best(study: optuna.Study, config: Config) -> None:
    """Print the best trials and the command of the first, and which settings clearly matter.

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
        chances = chances_of(best, names)
        print(what_matters(chances, len(best)))
        path = RUNS / f"{study.study_name}.png"
        draw_search(study, chances, path)
        print(f"each setting against the score: {path}")
    print(f'next: python eval.py --run-dir "{first.run_dir}"')


def table_of(study: optuna.Study, trials: list[FrozenTrial], config: Config) -> list[list[str]]:
    """Return a table as text: a trial in each line, its scores and what was tried in it."""
    scores = [score_of(study)]
    for name in trials[0].user_attrs:
        if name.startswith("val_") and name not in scores:
            scores.append(name)
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


def chances_of(trials: list[FrozenTrial], names: list[str]) -> dict[str, float]:
    """Return for each setting how likely its trials differ so much by chance: the least first.

    The trials are put into groups, one for each choice, or for low, middle and high values. Whether
    their scores differ says the test of Kruskal and Wallis, which looks at their ranks alone:
    docs.scipy.org/doc/scipy/reference/generated/scipy.stats.kruskal.html
    A chance counts once for each setting, since with many of them one looks as if it mattered. It
    is 1 where groups of at least three trials do not come about.

    Args:
        trials: Those that came to their end.
        names: Of the settings.
    """
    chances = {}
    for name in names:
        groups = [group for group in groups_by(trials, name) if len(group) >= FEWEST]
        scores = {score for group in groups for score in group}
        chance = 1.0
        if len(groups) > 1 and len(scores) > 1:  # else the test is not defined
            chance = min(1.0, len(names) * float(kruskal(*groups).pvalue))
        chances[name] = chance
    return dict(sorted(chances.items(), key=lambda item: item[1]))


def groups_by(trials: list[FrozenTrial], name: str) -> list[list[float]]:
    """Return the scores of trials in groups that have like values of a setting."""
    if isinstance(trials[0].distributions[name], CategoricalDistribution):
        choices: dict[str, list[float]] = {}
        for trial in trials:
            choices.setdefault(repr(trial.params[name]), []).append(value_of(trial))
        return list(choices.values())
    in_order = sorted(trials, key=lambda trial: trial.params[name])
    groups: list[list[float]] = [[] for _ in range(GROUPS)]
    for place, trial in enumerate(in_order):
        groups[place * GROUPS // len(in_order)].append(value_of(trial))
    return groups


def value_of(trial: FrozenTrial) -> float:
    """Return the score of a trial that came to its end."""
    assert trial.value is not None
    return trial.value


def what_matters(chances: dict[str, float], count: int) -> str:
    """Return the line that says which settings matter, as far as so many trials can tell."""
    clear = [name for name, chance in chances.items() if chance < CHANCE]
    unclear = [name for name in chances if name not in clear]
    if not clear:
        return f"{count} trials do not tell whether a setting matters: {', '.join(unclear)}"
    line = f"what matters, by {count} trials: {', '.join(clear)}"
    return f"{line}; not clear: {', '.join(unclear)}" if unclear else line


def draw_search(study: optuna.Study, chances: dict[str, float], path: Path) -> None:
    """Draw the score of the better trials against each setting, the clearest first.

    Args:
        study: The search.
        chances: From chances_of.
        path: Where the picture goes.
    """
    best = ranked(study)
    count = -(-3 * len(best) // 4)  # three quarters: bad ones would make all others look the same
    better = best[:count]
    rows = -(-len(chances) // COLUMNS)
    figure = Figure(figsize=(9, 0.5 + 3 * rows), layout="constrained")
    figure.suptitle(f"The better {len(better)} of {len(best)} trials; the star is the best")
    figure.supylabel(score_of(study))
    panels = list(figure.subplots(rows, COLUMNS, squeeze=False, sharey=True).flat)
    for panel in panels[len(chances) :]:
        figure.delaxes(panel)
    for panel, (name, chance) in zip(panels, chances.items(), strict=False):
        draw_setting(panel, name, better)
        panel.set_title("matters" if chance < CHANCE else f"not clear by {len(best)} trials")
    save_figure(figure, path)


def draw_setting(panel: Axes, name: str, trials: list[FrozenTrial]) -> None:
    """Draw the score of trials, the best first, against one setting."""
    kind = trials[0].distributions[name]
    values = [trial.params[name] for trial in trials]
    scores = [value_of(trial) for trial in trials]
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
