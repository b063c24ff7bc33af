"""What stands above a page about a run: the project's title, and how good the run is."""

import re
from pathlib import Path

from tools.run_files import RunFiles

PROJECT = Path(__file__).parents[1]


def describe_scores(run: RunFiles, most: int | None = None) -> str:
    """Return how good a run is, as Markdown; '' where eval.py has not measured it.

    Args:
        run: From read_run.
        most: So many metrics are named; None names all.
    """
    scores = run.scores
    if scores is None or not scores.metrics:
        return ""
    name = run.main_metric
    if name not in scores.metrics:
        name = next(iter(scores.metrics))
    others = [other for other in scores.metrics if other != name]
    shown = []
    for metric in [name, *others][:most]:
        score = scores.metrics[metric]
        number = f"{score:.1%}" if metric == "accuracy" else f"{score:.4g}"
        shown.append(f"{as_text(metric)} {number}")
    return f"{scores.split} {', '.join(shown)}, of {scores.examples} examples"


def as_text(name: str) -> str:
    """Return a name for Markdown, of which it is no markup: a folder can be called anything."""
    return re.sub(r"[\\`*{}\[\]()<>#+!|~&]", lambda sign: f"&#{ord(sign.group())};", name)


def project_title() -> str:
    """Return the title of the project's README as Markdown, or else the name of its folder."""
    readme = PROJECT / "README.md"
    if readme.exists():
        for line in readme.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                return line
    return f"# {as_text(PROJECT.name)}"
