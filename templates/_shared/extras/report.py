"""One page about a run that needs nothing beside it: report.html."""

import json
import re
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from commands.settings import UserError
from config import Config
from extras.runs import RunFiles, read_run
from saving.files import load_checkpoint
from showing.plots import cut, draw_curves

PAGE = Path(__file__).with_name("report.html")
NO_SETTINGS = ("run_dir", "resume")  # where it is, and how it was started, not what it is


def write_report(folder: Path) -> Path:
    """Write report.html into a run's folder, from what is in it, and return its path."""
    run, state = read_run(folder), load_checkpoint(folder / "best.pt")
    if not run.history:
        raise UserError(f"{folder / 'metrics.csv'} is missing or damaged: train a new model")
    draw_curves(run.history, run.best, folder)  # a training that was stopped has not done it
    project, name = project_name(), folder.resolve().name
    begun = time.localtime((folder / "config.json").stat().st_mtime)
    about = f"{name}, begun on {time.strftime('%Y-%m-%d %H:%M', begun)}"
    page = Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=text(f"{project}: {name}"),
        project=text(project),
        about=text(f"{about}, {run.status}, epochs: {len(run.history)}, in {run.time}"),
        score=text(headline(run)),
        sections="\n".join(sections(run, state)),
        today=time.strftime("%Y-%m-%d"),
    )
    report = folder / "report.html"
    report.write_text(page, encoding="utf-8", errors="replace")
    if not run.scores:
        print(f'not scored yet: python eval.py --run-dir "{folder}", then report.py once more')
    return report


def project_name() -> str:
    """Return what pyproject.toml calls the project, or else the name of its folder."""
    with suppress(OSError, ValueError):
        settings = PAGE.parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8")
        (name,) = re.findall(r'^description = (".+")$', settings, re.MULTILINE)
        return json.loads(name)
    return PAGE.parents[1].name


def headline(run: RunFiles) -> str:
    """Return the run's main score in words."""
    kind = "mae" if "val_mae" in run.best else "accuracy"
    if kind in run.scores:
        part, count = run.scores["split"].capitalize(), run.scores["n"]
        return f"{part} {kind} {run.scores[kind]:,.4f} on {count} examples"
    return f"Validation {kind} {run.best[f'val_{kind}']:,.4f}, not tested yet"


def sections(run: RunFiles, state: dict[str, Any]) -> Iterator[str]:
    """Yield the parts of the page, one after the other."""
    scores = run.scores
    if scores:
        models = {"this model": scores, **scores["baselines"]}
        names = [name for name in ("accuracy", "mae", "rmse", "r2") if name in scores]
        rows = [[name, *(f"{one[n]:,.4f}" for n in names)] for name, one in models.items()]
        yield section("Scores", table(rows, ["", *names]))
    else:
        command = f'python eval.py --run-dir "{run.folder}"'
        how = f"<code>{text(command)}</code>, then <code>python report.py</code> again"
        yield section("Not scored yet", f"<p>Scores, classes and mistakes need: {how}.</p>")
    what = "loss and score in each epoch, of training and validation"
    yield section("Learning", picture(run.folder / "curves.png", what))
    if "per_class" in scores:
        keys, classes = ("precision", "recall", "f1-score"), scores["per_class"].items()
        rows = [[name, *(f"{c[k]:.3f}" for k in keys), int(c["support"])] for name, c in classes]
        yield section("Classes", table(rows, ["class", *keys, "examples"]))
    if scores:
        file, title = "predicted.png", "Predicted and true numbers"
        if state["classes"]:
            file, title = "confusion.png", "Predicted and true classes"
        yield section(title, picture(run.folder / file, title))
        worst = "wrong answers beside the truth, the worst first"
        yield section("Mistakes", picture(run.folder / "mistakes.png", worst))
    defaults = asdict(Config())
    config = {name: state["config"][name] for name in state["config"] if name not in NO_SETTINGS}
    changed = {name: value for name, value in config.items() if value != defaults.get(name)}
    others = {name: value for name, value in config.items() if name not in changed}
    fold = f"<details><summary>Others, at their defaults</summary>{table(others.items())}</details>"
    yield section("Settings", table(changed.items()), fold)
    yield section("Made with", table(state["made_with"].items()))


def section(title: str, *parts: str) -> str:
    """Return a part of the page."""
    return "\n".join(["<section>", f"<h2>{text(title)}</h2>", *parts, "</section>"])


def table(rows: Iterable[Iterable[Any]], head: Sequence[str] = ()) -> str:
    """Return a table; the first cell of a row names it, below a head stand numbers."""
    names = "".join(f'<th scope="col">{text(name)}</th>' for name in head)
    lines = [f'<table class="numbers">\n<thead><tr>{names}</tr></thead>' if head else "<table>"]
    for name, *values in rows:
        cells = "".join(f"<td>{text(value)}</td>" for value in values)
        lines.append(f'<tr><th scope="row">{text(name)}</th>{cells}</tr>')
    return "\n".join(['<div class="scroll">', *lines, "</table></div>"])


def text(value: Any) -> str:
    """Return a value so that the page shows it, whatever it holds."""
    return escape(cut(str(value), 500))


def picture(path: Path, what: str) -> str:
    """Return a picture with its bytes in the page."""
    if not path.exists():
        return f"<p>{text(path.name)} is missing.</p>"
    data = b64encode(path.read_bytes()).decode()
    return f'<figure><img alt="{escape(what)}" src="data:image/png;base64,{data}"></figure>'
