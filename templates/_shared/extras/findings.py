"""What a search has found: its best trials, how to train like the best, and what mattered."""

import os
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import optuna
from matplotlib.figure import Figure
from optuna.distributions import CategoricalDistribution

from config import Config
from extras.study import ranked, score_of, settings_of


def command_line(config: Config, names: Iterable[str]) -> str:
    """Return the command that trains so: with these settings, and all that are not as usual."""
    words = ["python", "train.py"]
    for name, value in asdict(config).items():
        flag = "--" + name.replace("_", "-")
        if name == "run_dir" or (value == getattr(Config(), name) and name not in names):
            continue
        if isinstance(value, bool):
            words.append(flag if value else flag.replace("--", "--no-"))
        else:
            words += [flag, *map(str, value if isinstance(value, tuple) else [value])]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def show_best(study: optuna.Study, config: Config) -> None:
    """Print the five best trials and the command of the first, and draw what mattered."""
    best = ranked(study)
    if not best:
        print("no trial came to its end: try other ranges in sweep.py")
        return
    names, score = list(best[0].params), score_of(best[0].user_attrs)
    table = [["trial", score, "val_loss", "epoch", *names]]
    for trial in best[:5]:
        row = trial.user_attrs | asdict(settings_of(study, trial, config))
        scores = [f"{row[name]:,.4f}" for name in (score, "val_loss")]
        table.append([str(trial.number), *scores, *(str(row[name]) for name in ("epoch", *names))])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    print(f"\n{len(best)} trials came to their end. The best on validation data:")
    for line in table:
        print(*(cell.rjust(width) for cell, width in zip(line, widths, strict=True)), sep="  ")
    first = settings_of(study, best[0], config)
    print("\nthe best again:", command_line(first, names))
    if len(best) > 1 and names:
        path = Path("runs", f"{study.study_name}.png")
        draw_search(study, path)
        print(f"what mattered: {path}")
    print(f'next: python eval.py --run-dir "{first.run_dir}"')


def draw_search(study: optuna.Study, path: Path) -> None:
    """Draw the score of the better trials against each setting, what mattered most first."""
    best = ranked(study)
    judge = optuna.importance.FanovaImportanceEvaluator(seed=0)
    shares = optuna.importance.get_param_importances(study, evaluator=judge)
    better = best[: -(-3 * len(best) // 4)]  # bad ones would make all others look the same
    rows = -(-len(shares) // 3)
    figure = Figure(figsize=(9, 0.5 + 3 * rows), layout="constrained")
    figure.suptitle(f"The better {len(better)} of {len(best)} trials; the star is the best")
    figure.supylabel(score_of(best[0].user_attrs))
    panels = list(figure.subplots(rows, 3, squeeze=False, sharey=True).flat)
    for axes in panels[len(shares) :]:
        figure.delaxes(axes)
    for axes, (name, share) in zip(panels, shares.items(), strict=False):
        kind, values = best[0].distributions[name], [trial.params[name] for trial in better]
        if isinstance(kind, CategoricalDistribution):
            values = [kind.choices.index(value) for value in values]
            axes.set_xticks(range(len(kind.choices)), list(map(str, kind.choices)))
            axes.set_xlim(-0.5, len(kind.choices) - 0.5)
        else:
            low, high = vars(kind)["low"], vars(kind)["high"]
            axes.set(xlim=(low, high), xscale="log" if low > 0 else "linear")
        axes.plot(values, [trial.value for trial in better], "o", alpha=0.5, clip_on=False)
        axes.plot(values[0], better[0].value, "*", markersize=15, clip_on=False)
        axes.set(xlabel=name, title=f"{share:.0%} of the difference")
    figure.savefig(path, dpi=150)
