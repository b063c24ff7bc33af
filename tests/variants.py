"""The table of all projects that the questions can give: `nox -s variants` runs it.

python tests/variants.py PYTHON [question=answer ...], where PYTHON has what the projects need.
Any two answers meet in a project that is tested and trained; all others are made and linted.
"""

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from generators import CHOICES, ROOT, every_pair, tree, with_cookiecutter, with_copier
from releases import copy_template

BUILD = ROOT / "build" / "variants"
TOOL = [sys.executable, "-m"]
LINT = [[*TOOL, "ruff", "check", "--no-cache"], [*TOOL, "ruff", "format", "--check", "--no-cache"]]
Steps = dict[str, list[list[str]]]  # the commands of each


def closely(python: str) -> Steps:
    """Return what is done to a project that is looked at closely."""
    python = str(Path(python).absolute())
    return {
        "lint": LINT,
        "types": [[*TOOL, "ty", "check", "--python", python, "--project", "."]],
        "tests": [[python, "-m", "pytest", "-q"]],
        "train": [[python, "train.py", "--epochs", "1", "--device", "cpu"]],
    }


def pick(arguments: Iterable[str]) -> dict[str, list[str]]:
    """Return the choices of each question: one alone where an argument names it."""
    choices = dict(CHOICES)
    for argument in arguments:
        name, _, answer = argument.partition("=")
        if answer not in CHOICES.get(name, []):
            known = ", ".join(f"{name}={'|'.join(answers)}" for name, answers in CHOICES.items())
            sys.exit(f"{argument}: no such answer, choose among {known}")
        choices[name] = [answer]
    return choices


def make(template: Path, folder: Path, answers: dict[str, str]) -> tuple[Path, list[str]]:
    """Return the project that cookiecutter makes, and which files copier makes otherwise."""
    project = with_cookiecutter(template, folder / "cookiecutter", **answers)
    ours, theirs = tree(project), tree(with_copier(template, folder / "copier", **answers))
    return project, [name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)]


def try_out(template: Path, answers: dict[str, str], steps: Steps) -> dict[str, float]:
    """Return the seconds of each step, as far as it went; the project stays if a step failed."""
    folder, seconds = BUILD / "-".join(answers.values()), {}
    start = time.perf_counter()
    project, different = make(template, folder, answers)
    if different:
        print(f"the generators differ in {', '.join(different)}: {folder}", file=sys.stderr)
        return seconds
    seconds["make"] = time.perf_counter() - start
    for step, commands in steps.items():
        start = time.perf_counter()
        for command in commands:
            result = subprocess.run(
                command, cwd=project, encoding="utf-8", errors="replace",
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            if result.returncode:
                print(result.stdout, f"{step} failed in {project}", sep="\n", file=sys.stderr)
                return seconds
        seconds[step] = time.perf_counter() - start
    shutil.rmtree(folder)
    return seconds


def table(template: Path, rows: list[dict[str, str]], steps: Steps) -> tuple[list[str], int]:
    """Try all rows; return the lines of a table of them, and how many failed."""
    columns = ["make", *steps]
    lines, failures = ["".join(f"{name:>8}" for name in columns) + "  answers"], 0
    for answers in rows:
        seconds = try_out(template, answers, steps)
        failures += len(seconds) < len(columns)
        cells = [f"{seconds[name]:.1f}" if name in seconds else "FAILED" for name in columns]
        lines.append("".join(f"{cell:>8}" for cell in cells) + f"  {' '.join(answers.values())}")
        print(lines[-1], file=sys.stderr)
    return lines, failures


def main(python: str, *arguments: str) -> None:
    """Try the projects that the arguments pick, and print the table."""
    choices = pick(arguments)
    start = time.perf_counter()
    shutil.rmtree(BUILD, ignore_errors=True)
    template = copy_template(BUILD / "template")
    pairs = every_pair(choices)
    product = [dict(zip(choices, row, strict=True)) for row in itertools.product(*choices.values())]
    rest = [answers for answers in product if answers not in pairs]
    shown = os.dup(1)  # cookiecutter's hook would print into the table
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    close, failures = table(template, pairs, closely(python))
    quick, more = table(template, rest, {"lint": LINT})
    os.dup2(shown, 1)
    minutes = (time.perf_counter() - start) / 60
    print("", *close, "", *quick, "", sep="\n")
    print(f"{len(pairs)} looked at closely, {len(rest)} linted, {minutes:.1f} minutes")
    if failures + more:
        sys.exit(f"{failures + more} failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
