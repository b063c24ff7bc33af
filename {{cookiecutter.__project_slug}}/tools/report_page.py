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
from engine.metrics import Interval, lower_is_better, score_text
from engine.plots import cut, draw_curves
from engine.runs import identity_of
from engine.settings import UserError
from engine.whole_files import open_regular, write_text_whole
from model import build_model
from tools.explained import CSS, Drawn, Explained
from tools.report_why import explain_run
from tools.run_files import MEASURES, RunFiles, Scores, read_run
from tools.texts import REPORT, WHY

PAGE = Path(__file__).with_name("report.html")
PROJECT = PAGE.parents[1]
NO_SETTINGS = ("run_dir", "resume")  # where it is, and how it was started, not what it is
LONGEST_TEXT = 500
MOST_NAMES = 12  # of classes in a sentence


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
    explained = Explained()
    if run.scores is not None:
        explained = explain_run(folder, run.scores, data)
    project = project_name()
    name = folder.resolve().name
    page = Template(PAGE.read_text(encoding="utf-8")).substitute(
        language=REPORT["language"],
        title=text(f"{project}: {name}"),
        project=text(project),
        about=text(about(run, name)),
        learned=text(learned(checkpoint)),
        headline=headline(run),
        css=CSS.strip(),
        sections="\n".join(sections(run, checkpoint, explained)),
        written=text(REPORT["written"].format(today=time.strftime("%Y-%m-%d"))),
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
    words = [REPORT["run"].format(name=name)]
    identity = identity_of(run.config)
    if identity.began:
        began = datetime.fromisoformat(identity.began).astimezone()
        words.append(REPORT["began"].format(time=f"{began:%Y-%m-%d %H:%M}"))
    words.append(REPORT[run.status])
    words.append(REPORT["epochs"].format(count=len(run.history), duration=run.duration))
    return ", ".join(words)


def learned(checkpoint: Checkpoint) -> str:
    """Return what the model has learned, in a sentence."""
    info = checkpoint["info"]
    examples = f"{checkpoint['fingerprint']['train']['size']:,}"
    classes = info["classes"]
    if classes:
        names = ", ".join(cut(name, 24) for name in classes[:MOST_NAMES])
        if len(classes) > MOST_NAMES:
            names += ", …"
        return REPORT["classes"].format(count=len(classes), examples=examples, names=names)
    if Info.is_sequence:
        return REPORT["sequence"].format(examples=examples)
    target = checkpoint["config"].get("target") or REPORT["a_number"]
    return REPORT["number"].format(target=target, examples=examples)


def headline(run: RunFiles) -> str:
    """Return what a reader sees first: the main score, its interval, and what it stands beside."""
    scores = run.scores
    name = run.main_metric
    others = [other for other in run.metrics if other != name]
    if scores is not None and scores.of(name) is not None:
        doubt = REPORT["on_examples"].format(count=f"{scores.examples:,}")
        if name in scores.intervals:
            low, high = scores.intervals[name]
            interval = REPORT["interval"].format(low=score_text(low), high=score_text(high))
            doubt = f"{interval}, {doubt}"
        shown = large(name, scores.of(name), scores.split)
        beside = ""  # they stand in the table below
        verdicts = verdicts_of(scores)
    else:
        in_best_epoch = {other: run.best.get(f"val_{other}") for other in [name, *others]}
        doubt = REPORT["not_tested"]
        shown = large(name, in_best_epoch[name], "val")
        beside = in_words(others, in_best_epoch.get)
        verdicts = []
    lines = [shown, f'<p class="doubt">{text(doubt)}</p>']
    if verdicts:
        lines.append(f'<ul class="verdicts">{"".join(verdicts)}</ul>')
    if beside:
        also = REPORT["also"].format(scores=beside)
        lines.append(f'<p class="beside">{text(also)}</p>')
    return "\n".join(lines)


def large(name: str, score: float | None, split: str) -> str:
    """Return a score with its name, the number large."""
    number = "-" if score is None else score_text(score)
    direction = REPORT["lower" if lower_is_better(name) else "higher"]
    label = f"{REPORT.get(split, split)} {name}, {direction}"
    return f'<p class="score"><strong>{number}</strong> <span>{text(label)}</span></p>'


def verdicts_of(scores: Scores) -> list[str]:
    """Return a line for each simpler model: whether ours is better.

    That it is better is said only where a paired test allows it.
    """
    lines = []
    for model, (metric, verdict, p) in scores.comparisons.items():
        score = scores.baselines.get(model, {}).get(metric)
        number = ""
        if score is not None:
            number = REPORT["whose_score"].format(metric=metric, score=score_text(score))
        line = REPORT[verdict].format(model=model, whose_score=number, p=f"{p:.2g}")
        lines.append(f'<li class="{verdict}">{text(line)}</li>')
    return lines


def in_words(metrics: list[str], score_of: Callable[[str], float | None]) -> str:
    """Return the metrics that have a score, each with it."""
    shown = []
    for metric in metrics:
        score = score_of(metric)
        if score is not None:
            shown.append(f"{metric} {score_text(score)}")
    return ", ".join(shown)


def sections(run: RunFiles, checkpoint: Checkpoint, explained: Explained) -> Iterator[str]:
    """Yield the parts of the page, one after the other."""
    scores = run.scores
    if scores is None:
        yield how_to_score(run.folder)
    else:
        yield section(REPORT["scores"], scores_table(scores))
    yield section(REPORT["learning"], picture(run.folder / "curves.png", REPORT["curves"]))
    if scores is not None:
        if scores.per_class:
            yield section(REPORT["of_classes"], classes_table(scores))
        yield section(*answers_beside_truth(run, checkpoint))
        if explained.columns is not None:
            yield section(WHY["columns"], *drawn(run.folder, explained.columns))
        mistakes = mistakes_of(run.folder, scores, explained)
        yield section(REPORT["mistakes"], *mistakes, kind="whole")
    yield settings_section(checkpoint["config"])
    yield section(REPORT["made_with"], table(checkpoint["made_with"].items()))


def answers_beside_truth(run: RunFiles, checkpoint: Checkpoint) -> tuple[str, str]:
    """Return the title and the picture of all answers."""
    if Info.is_sequence:
        name = "context.png"
    elif checkpoint["info"]["classes"]:
        name = "confusion.png"
    else:
        name = "predicted.png"
    title = REPORT[name]
    return title, picture(run.folder / name, title)


def mistakes_of(folder: Path, scores: Scores, explained: Explained) -> Iterator[str]:
    """Yield what was taken for what, the worst single mistakes and why, and their picture."""
    confused = []
    for one in scores.confusions:
        words = REPORT["confused_once" if one["count"] == 1 else "confused"]
        confused.append(words.format(**one))
    if confused:
        yield items(REPORT["frequent"], confused)
    worst = []
    for one in scores.mistakes:
        line = REPORT["mistake"].format(
            true=number(one["true"]), predicted=number(one["predicted"])
        )
        if "probability" in one:
            line += REPORT["sure"].format(chance=f"{one['probability']:.1%}")
        worst.append(line)
    if worst:
        yield items(REPORT["worst"], worst, explained.mistakes)
    if explained.beside is not None:
        shown = "".join(drawn(folder, explained.beside))
        yield f'<div class="listed heat"><h3>{text(WHY["why"])}</h3>{shown}</div>'
    description = REPORT["hard_texts" if Info.is_sequence else "wrong_answers"]
    yield picture(folder / "mistakes.png", description)


def number(value: object) -> str:
    """Return a number as a person writes it, and a name as it is."""
    return f"{value:,.7g}" if isinstance(value, float) else str(value)


def drawn(folder: Path, picture_of: Drawn) -> list[str]:
    """Return a picture of the run's folder, and what is to be said of it."""
    shown = picture(folder / picture_of.file, picture_of.description)
    return [shown, f'<p class="note">{text(picture_of.words)}</p>']


def items(title: str, lines: list[str], why: Sequence[str] = ()) -> str:
    """Return a list under a title; why says more of each line, in HTML."""
    shown = ""
    for number, line in enumerate(lines):
        shown += f"<li>{text(line)}{why[number] if why else ''}</li>"
    return f'<div class="listed"><h3>{text(title)}</h3><ul>{shown}</ul></div>'


def how_to_score(folder: Path) -> str:
    """Return the part that says how scores get into the page."""
    command = f'python eval.py --run-dir "{folder}"'
    first = f"<code>{text(command)}</code>"
    then = "<code>python -m tools.report</code>"
    how = text(REPORT["how_to_score"]).format(first=first, then=then)
    return section(REPORT["not_scored"], f"<p>{how}</p>")


def scores_table(scores: Scores) -> str:
    """Return the scores of the model beside those of simpler ones, a row for each model."""
    names = list(scores.metrics)
    rows = [[REPORT["this_model"], *in_brackets(scores.metrics, scores.intervals, names)]]
    for model, metrics in scores.baselines.items():
        doubts = scores.baseline_intervals.get(model, {})
        rows.append([model, *in_brackets(metrics, doubts, names)])
    shown = table(rows, head=[REPORT["model_head"], *names])
    if scores.intervals:
        shown += f"<p>{text(REPORT['brackets'].format(count=f'{scores.examples:,}'))}</p>"
    return shown


def in_brackets(
    scores: dict[str, float], intervals: dict[str, Interval], names: list[str]
) -> list[str]:
    """Return each score with its interval in brackets behind it, or a dash where there is none.

    Args:
        scores: Of a model, by the names of the metrics.
        intervals: Of the scores that have one.
        names: Of the metrics.
    """
    cells = []
    for name in names:
        if name not in scores:
            cells.append("-")
        elif name not in intervals:
            cells.append(score_text(scores[name]))
        else:
            low, high = map(score_text, intervals[name])
            shown = REPORT["score_and_interval"]
            cells.append(shown.format(score=score_text(scores[name]), low=low, high=high))
    return cells


def classes_table(scores: Scores) -> str:
    """Return how well each class is told from the others, a row for each."""
    rows = []
    for name, measures in scores.per_class.items():
        row = [name]
        for measure in ("precision", "recall", "f1-score"):
            row.append(f"{measures[measure]:.3f}")
        row.append(f"{measures['support']:.0f}")
        rows.append(row)
    measures = [REPORT[measure] for measure in MEASURES]
    return table(rows, head=[REPORT["class_head"], *measures])


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
    parts = []
    if changed:
        parts.append(table(changed.items()))
    summary = REPORT["other_settings" if changed else "all_settings"]
    parts.append(f"<details><summary>{summary}</summary>{table(others.items())}</details>")
    return section(REPORT["settings"], *parts, kind="settings")


def section(title: str, *parts: str, kind: str = "") -> str:
    """Return a part of the page under its title; its kind says how report.html places it."""
    return "\n".join([f'<section class="{kind}">', f"<h2>{text(title)}</h2>", *parts, "</section>"])


def table(rows: Iterable[Iterable[object]], head: Sequence[str] = ()) -> str:
    """Return a table. The first cell of a row names it; below a head stand numbers."""
    lines = ['<div class="scroll">']
    if head:
        names = "".join(f'<th scope="col">{breakable(name)}</th>' for name in head)
        lines.append('<table class="numbers">')
        lines.append(f"<thead><tr>{names}</tr></thead>")
    else:
        lines.append("<table>")
    for name, *values in rows:
        cells = "".join(f"<td>{text(value)}</td>" for value in values)
        lines.append(f'<tr><th scope="row">{text(name)}</th>{cells}</tr>')
    lines.append("</table></div>")
    return "\n".join(lines)


def breakable(name: str) -> str:
    """Return a name that may go on in the next line after each of its underscores."""
    return text(name).replace("_", "_<wbr>")


def text(value: object) -> str:
    """Return a value so that the page shows it, whatever it holds."""
    return escape(cut(str(value), LONGEST_TEXT))


def picture(path: Path, description: str) -> str:
    """Return a picture with its bytes in the page."""
    try:
        with open_regular(path) as file:
            data = b64encode(file.read()).decode()
    except (FileNotFoundError, UserError):
        return f"<p>{text(REPORT['missing'].format(name=path.name))}</p>"
    source = f"data:image/png;base64,{data}"
    return f'<figure><img alt="{escape(description)}" src="{source}"></figure>'
