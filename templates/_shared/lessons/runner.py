"""What learn.py does: tries the answers to the exercises and says how they did."""

import inspect
import math
import runpy
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lessons.texts import HINTS, TEXTS

CHECKS = Path(__file__).parent / "checks"
EXERCISES = Path(__file__).parent / "exercises"


@dataclass
class Outcome:
    """How an exercise did: it is solved when nothing is left to say."""

    name: str
    place: str
    lines: list[str]


def report(hint: bool, watch: bool) -> bool:
    """Print what is solved and the first exercise that is not; return whether all are."""
    sections = {path.stem: list(try_section(path)) for path in sorted(CHECKS.glob("*.py"))}
    outcomes = [outcome for section in sections.values() for outcome in section]
    unsolved = [outcome for outcome in outcomes if outcome.lines]
    solved = len(outcomes) - len(unsolved)
    print(f"\n[{'#' * (40 * solved // len(outcomes)):-<40}] {solved}/{len(outcomes)}\n")
    for section, found in sections.items():
        names = [outcome.name for outcome in found if not outcome.lines]
        print(f"{section:15} {len(names)}/{len(found)}", *names)
    if not unsolved:
        print("", TEXTS["done"], sep="\n")
        return True
    first = unsolved[0]
    print("", f"{TEXTS['next']} {first.name}, {first.place}", sep="\n")
    print(*(f"    {line}" for line in first.lines), "", sep="\n")
    print(f"{TEXTS['hint']} {HINTS[first.name]}" if hint else TEXTS["stuck"])
    if watch:
        print(TEXTS["watching"])
    return False


def saved() -> dict[str, int]:
    """Return when each file of exercises was saved."""
    times = {}
    for path in EXERCISES.glob("*.py"):
        with suppress(OSError):  # an editor is just replacing it
            times[path.name] = path.stat().st_mtime_ns
    return times


def try_section(checks: Path) -> Iterator[Outcome]:
    """Try the exercises of a section: those that the checks have a generator of cases for."""
    path = EXERCISES / checks.name
    source, answers, mistake = "", {}, []
    try:
        source = path.read_text(encoding="utf-8")
        answers = runpy.run_path(str(path))  # afresh each time
    except (Exception, SystemExit) as error:  # a student's file can do anything
        mistake = explain(error, path)
    for name, cases in runpy.run_path(str(checks)).items():
        if inspect.isgeneratorfunction(cases):
            line = source[: max(0, source.find(f"def {name}("))].count("\n") + 1
            lines = mistake or try_cases(name, answers.get(name), cases(), path)
            yield Outcome(name, f"lessons/exercises/{path.name}:{line}", lines)


def try_cases(
    name: str, answer: Callable[..., Any] | None, cases: Iterable[Any], path: Path
) -> list[str]:
    """Return what is wrong with an answer, or nothing."""
    if answer is None:
        return [TEXTS["missing"]]
    task = (answer.__doc__ or "").partition("\n")[0]
    for arguments, expected, *views in cases:
        tried = f"{name}({', '.join(map(show, arguments))})"  # before it can change them
        torch.manual_seed(0)
        try:
            with torch.enable_grad():  # an answer before may have switched gradients off
                got = answer(*arguments)
        except (Exception, SystemExit) as error:
            return [task, f"{TEXTS['tried']} {tried}", *explain(error, path)]
        for view in views:  # where not the answer is compared, but what it has done
            tried = f"{view.__name__}({tried})"
            with suppress(Exception):  # there is no view of an answer of another kind
                got = view(got)
        if not same(got, expected):
            values = (tried, show(got, full=True), show(expected, full=True))
            labels = (TEXTS["tried"], TEXTS["got"], TEXTS["expected"])
            return [task, *map(" ".join, zip(labels, values, strict=True))]
    return []


def explain(error: BaseException, path: Path) -> list[str]:
    """Return an error in two lines: what, and on which line of the student's file."""
    if type(error) is NotImplementedError and not str(error):
        return [TEXTS["hole"]]
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines.append(error.lineno)
    what = " ".join(f"{type(error).__name__}: {getattr(error, 'msg', error)}".split())
    return [what[:200], f"lessons/exercises/{path.name}:{lines[-1] if lines else 1}"]


def same(got: Any, expected: Any) -> bool:
    """Return whether two values are equal, numbers nearly, and of the same kind and shape."""
    if isinstance(expected, Tensor):
        fits = isinstance(got, Tensor) and got.shape == expected.shape
        return bool(
            fits and got.dtype == expected.dtype
            and torch.allclose(got.double(), expected.double(), rtol=1e-4, atol=1e-5)
        )  # fmt: skip
    if isinstance(expected, dict):
        return isinstance(got, dict) and same([*got.items()], [*expected.items()])
    if isinstance(expected, list | tuple):
        fits = isinstance(got, list | tuple) and len(got) == len(expected)
        return fits and all(map(same, got, expected))
    if isinstance(expected, float):
        return isinstance(got, float) and math.isclose(got, expected, rel_tol=1e-4, abs_tol=1e-5)
    kind = bool if isinstance(got, bool) else type(expected)  # else True would be 1
    return isinstance(got, type(expected)) and isinstance(expected, kind) and got == expected


def show(value: Any, full: bool = False) -> str:
    """Return a value as short text; of a tensor also its shape and dtype, if `full`."""
    if isinstance(value, Tensor):
        kind = f"shape {tuple(value.shape)}, {value.dtype}"
        if value.numel() > (12 if full else 6) or value.is_meta:
            return f"tensor({kind})"
        text = " ".join(repr(value.detach()).split())
        return f"{text}, {kind}" if full else text
    if isinstance(value, dict):
        text = "{" + ", ".join(f"{key!r}: {show(one)}" for key, one in value.items()) + "}"
    elif isinstance(value, torch.Size | torch.device | torch.dtype | str | int | None):
        text = repr(value)
    elif isinstance(value, list | tuple):
        text = ("[{}]" if isinstance(value, list) else "({})").format(", ".join(map(show, value)))
    elif isinstance(value, float):
        text = repr(round(value, 4))
    else:  # of a file, a function or an object only the name
        text = getattr(value, "name", None) or getattr(value, "__name__", type(value).__name__)
    return text if len(text) <= 160 else f"{text[:157]}..."
