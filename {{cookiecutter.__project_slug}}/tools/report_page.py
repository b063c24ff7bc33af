"""One page about a run that needs nothing beside it: report.html."""

import json
import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template

import torch

from config import Config
from data import Info, load_data
from engine.checkpoint import load_model, load_run_checkpoint, load_same_data
from engine.checkpoint_file import Checkpoint
from engine.metrics import score_text
from engine.plots import cut, draw_curves
from engine.runs import identity_of
from engine.settings import UserError
from engine.whole_files import open_regular, write_text_whole
from model import build_model
from tools.run_files import RunFiles, Scores, read_run

PAGE = Path(__file__).with_name("report.html")
PROJECT = PAGE.parents[1]
NO_SETTINGS = ("run_dir", "resume")  # where it is, and how it was started, not what it is
LONGEST_TEXT = 500


def write_report(folder: Path, data: str | None = None) -> Path:
    """Write report.html into a run's folder, from what is in it, and return its path.

    Args:
        folder: The run's.
        data: Where the run's data are now; None where they have not moved.

    Raises:
        UserError: The run has no epoch yet, its files are damaged, or these are other data.
    """
    run = read_run(folder)
    checkpoint = load_run_checkpoint(folder / "best.pt")
    if data is not None:
        loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model, data)
        load_same_data(load_data, loaded, folder)
        checkpoint["config"]["data"] = data
    if not run.history:
        raise UserError(f"{folder / 'metrics.csv'} is missing or damaged: train a new model")
    draw_curves(run.history, run.best, folder)  # a training that was stopped has not done it
    project = project_name()
    name = folder.resolve().name
    page = Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=text(f"{project}: {name}"),
        project=text(project),
        about=text(about(run, name)),
        score=text(headline(run)),
        sections="\n".join(sections(run, checkpoint)),
        today=time.strftime("%Y-%m-%d"),
    )
    report = folder / "report.html"
    write_text_whole(report, page)
    if run.scores is None:
        print(
            f'not scored yet: python eval.py --run-dir "{folder}", '
            "then python -m tools.report once more"
        )
    return report


def project_name() -> str:
    """Return what pyproject.toml calls the project, or else the name of its folder."""
    with suppress(OSError, ValueError):
        settings = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
        found = re.search(r'^description = (".+")$', settings, re.MULTILINE)
        if found:
            return json.loads(found[1])
    return PROJECT.name


def about(run: RunFiles, name: str) -> str:
    """Return when a run began, and how far it came."""
    words = [name]
    identity = identity_of(run.config)
    if identity.began:
        began = datetime.fromisoformat(identity.began).astimezone()
        words.append(f"begun on {began:%Y-%m-%d %H:%M}")
    words += [run.status, f"epochs: {len(run.history)}", f"in {run.duration}"]
    return ", ".join(words)


def headline(run: RunFiles) -> str:
    """Return the run's main score in words, and the others beside it."""
    name = run.main_metric
    others = [other for other in run.metrics if other != name]
    scores = run.scores
    if scores is not None and scores.of(name) is not None:
        shown = in_words([name, *others], scores.of)
        if name in scores.intervals:
            low, high = scores.intervals[name]
            margin = f" (95 % interval {score_text(low)} to {score_text(high)})"
            first, comma, rest = shown.partition(",")
            shown = first + margin + comma + rest
        return f"{scores.split.capitalize()} {shown} on {scores.examples} examples"
    shown = in_words([name, *others], lambda metric: run.best.get(f"val_{metric}"))
    return f"Validation {shown}, not tested yet"


def in_words(metrics: list[str], score_of: Callable[[str], float | None]) -> str:
    """Return the metrics that have a score, each with it."""
    shown = []
    for metric in metrics:
        score = score_of(metric)
        if score is not None:
            shown.append(f"{metric} {score_text(score)}")
    return ", ".join(shown)


def sections(run: RunFiles, checkpoint: Checkpoint) -> Iterator[str]:
    """Yield the parts of the page, one after the other."""
    scores = run.scores
    if scores is None:
        yield how_to_score(run.folder)
    else:
        yield section("Scores", scores_table(scores))
    curves = "loss and score in each epoch, of training and validation"
    yield section("Learning", picture(run.folder / "curves.png", curves))
    if scores is not None and scores.per_class:
        yield section("Classes", classes_table(scores))
    if scores is not None:
        mistakes = "wrong answers beside the truth, the worst first"
        if Info.is_sequence:
            title = "Bits per character after so many known ones"
            yield section(title, picture(run.folder / "context.png", title))
            mistakes = "texts that were the hardest to foresee, the worst first"
        elif checkpoint["info"]["classes"]:
            title = "Predicted and true classes"
            yield section(title, picture(run.folder / "confusion.png", title))
        else:
            title = "Predicted and true numbers"
            yield section(title, picture(run.folder / "predicted.png", title))
        yield section("Mistakes", picture(run.folder / "mistakes.png", mistakes))
    yield settings_section(checkpoint["config"])
    yield section("Made with", table(checkpoint["made_with"].items()))


def how_to_score(folder: Path) -> str:
    """Return the part that says how scores get into the page."""
    command = f'python eval.py --run-dir "{folder}"'
    commands = f"<code>{text(command)}</code>, then <code>python -m tools.report</code> again"
    return section("Not scored yet", f"<p>Scores, classes and mistakes need: {commands}.</p>")


def scores_table(scores: Scores) -> str:
    """Return the scores of the model beside those of simpler ones, a row for each model."""
    names = list(scores.metrics)
    rows = [["this model", *[scores.in_words(name) for name in names]]]
    for model, metrics in scores.baselines.items():
        cells = []
        for name in names:
            cells.append(score_text(metrics[name]) if name in metrics else "-")
        rows.append([model, *cells])
    return "\n".join([table(rows, head=["", *names]), *about_doubt(scores)])


def about_doubt(scores: Scores) -> list[str]:
    """Return a line for what the intervals are, and for each simpler model whether ours is better.

    That it is better is said only where a paired test allows it.
    """
    lines = []
    if scores.intervals:
        lines.append(
            f"In brackets: 95 % intervals, as wide as {scores.examples} examples leave it open."
        )
    for model, (metric, verdict, p) in scores.comparisons.items():
        words = {
            "better": f"better than {model}",
            "worse": f"worse than {model}",
            "unclear": f"not to be told from {model} by so many examples",
        }
        lines.append(f"{metric}: {words[verdict]} (p = {p:.2g}).")
    return [f"<p>{text(line)}</p>" for line in lines]


def classes_table(scores: Scores) -> str:
    """Return how well each class is told from the others, a row for each."""
    rows = []
    for name, measures in scores.per_class.items():
        row = [name]
        for measure in ("precision", "recall", "f1-score"):
            row.append(f"{measures[measure]:.3f}")
        row.append(f"{measures['support']:.0f}")
        rows.append(row)
    return table(rows, head=["class", "precision", "recall", "f1-score", "examples"])


def settings_section(config: dict[str, object]) -> str:
    """Return the settings of a run: those that were changed, and behind a click the others."""
    defaults = asdict(Config())
    changed = {}
    others = {}
    for name, value in config.items():
        if name in NO_SETTINGS:
            continue
        if value == defaults.get(name):
            others[name] = value
        else:
            changed[name] = value
    summary = "<summary>Others, at their defaults</summary>"
    folded = f"<details>{summary}{table(others.items())}</details>"
    return section("Settings", table(changed.items()), folded)


def section(title: str, *parts: str) -> str:
    """Return a part of the page under its title."""
    return "\n".join(["<section>", f"<h2>{text(title)}</h2>", *parts, "</section>"])


def table(rows: Iterable[Iterable[object]], head: Sequence[str] = ()) -> str:
    """Return a table. The first cell of a row names it; below a head stand numbers."""
    lines = ['<div class="scroll">']
    if head:
        names = "".join(f'<th scope="col">{text(name)}</th>' for name in head)
        lines.append('<table class="numbers">')
        lines.append(f"<thead><tr>{names}</tr></thead>")
    else:
        lines.append("<table>")
    for name, *values in rows:
        cells = "".join(f"<td>{text(value)}</td>" for value in values)
        lines.append(f'<tr><th scope="row">{text(name)}</th>{cells}</tr>')
    lines.append("</table></div>")
    return "\n".join(lines)


def text(value: object) -> str:
    """Return a value so that the page shows it, whatever it holds."""
    return escape(cut(str(value), LONGEST_TEXT))


def picture(path: Path, description: str) -> str:
    """Return a picture with its bytes in the page."""
    try:
        with open_regular(path) as file:
            data = b64encode(file.read()).decode()
    except (FileNotFoundError, UserError):
        return f"<p>{text(path.name)} is missing.</p>"
    source = f"data:image/png;base64,{data}"
    return f'<figure><img alt="{escape(description)}" src="{source}"></figure>'
