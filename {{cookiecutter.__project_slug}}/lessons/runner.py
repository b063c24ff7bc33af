"""What `python -m lessons` does: tries the answers to the exercises and says how they did.

The exercises of a section are functions in exercises/. The file of the same name in checks/ has
a generator for each: it yields cases. A case is (arguments, expected), or (arguments, expected,
view): then view(answer) is compared with what is expected, and not the answer itself.
"""

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

from engine.dataset import Data
from lessons.texts import HINTS, TEXTS

CHECKS = Path(__file__).parent / "checks"
EXERCISES = Path(__file__).parent / "exercises"


@dataclass
class Outcome:
    """How the answer to one exercise did."""

    name: str
    location: str  # of the function: lessons/exercises/FILE:LINE
    lines: list[str]  # what is wrong with the answer

    @property
    def solved(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.lines


def report(hint: bool, watch: bool, name: str = "") -> bool:
    """Try all exercises, or the named one, and print how they did.

    Args:
        hint: Also print a hint for the exercise that is told about.
        watch: Also print that the next try comes by itself.
        name: Try this exercise only.

    Returns:
        Whether all of them are solved, or the named one.
    """
    solved = report_one(name, hint) if name else report_all(hint)
    if watch and not solved:
        print(TEXTS["watching"])
    return solved


def report_all(hint: bool) -> bool:
    """Print which exercises are solved, and tell about the first that is not."""
    sections = try_all()
    outcomes = []
    for tried in sections.values():
        outcomes += tried
    unsolved = [outcome for outcome in outcomes if not outcome.solved]
    solved = len(outcomes) - len(unsolved)

    filled = 40 * solved // len(outcomes)
    bar = "#" * filled + "-" * (40 - filled)
    print(f"\n[{bar}] {solved}/{len(outcomes)}\n")
    for section, tried in sections.items():
        names = [outcome.name for outcome in tried if outcome.solved]
        print(f"{section:15} {len(names)}/{len(tried)}", *names)
    print()
    if not unsolved:
        print(TEXTS["done"])
        return True
    tell(unsolved[0], TEXTS["next"])
    print(f"{TEXTS['hint']} {HINTS[unsolved[0].name]}" if hint else TEXTS["stuck"])
    return False


def report_one(name: str, hint: bool) -> bool:
    """Try one exercise, and print how it did."""
    for path in sorted(CHECKS.glob("*.py")):
        for outcome in try_section(path, only=name):
            if not outcome.solved:
                tell(outcome, TEXTS["unsolved"])
                print(f"{TEXTS['hint']} {HINTS[name]}" if hint else f"{TEXTS['stuck']} {name}")
                return False
    print(TEXTS["solved"], name)
    return True


def tell(outcome: Outcome, title: str) -> None:
    """Print where an exercise is, and what is wrong with its answer."""
    print(f"{title} {outcome.name}, {outcome.location}")
    for line in outcome.lines:
        print(f"    {line}")
    print()


def list_exercises() -> None:
    """Print all exercises, section by section: solved or not, and where they are."""
    for section, tried in try_all().items():
        print(section)
        for outcome in tried:
            box = "[x]" if outcome.solved else "[ ]"
            state = TEXTS["solved"] if outcome.solved else TEXTS["unsolved"]
            print(f"    {box} {outcome.name:20} {outcome.location:37} {state.rstrip(':')}")


def saved() -> dict[str, int]:
    """Return when each file of exercises was saved."""
    times = {}
    for path in EXERCISES.glob("*.py"):
        with suppress(OSError):  # an editor is just replacing it
            times[path.name] = path.stat().st_mtime_ns
    return times


def try_all() -> dict[str, list[Outcome]]:
    """Return how the exercises of each section did."""
    return {path.stem: list(try_section(path)) for path in sorted(CHECKS.glob("*.py"))}


def try_section(checks: Path, only: str = "") -> Iterator[Outcome]:
    """Try the exercises of a section: each that a file of checks has cases for.

    Args:
        checks: The file in checks/; the exercises have the same file name.
        only: Try the exercise of this name alone, if it is in the section.
    """
    if only and f"def {only}(" not in checks.read_text(encoding="utf-8"):
        return
    path = EXERCISES / checks.name
    source = ""
    answers = {}
    mistake = []
    try:
        source = path.read_text(encoding="utf-8")
        answers = runpy.run_path(str(path))  # afresh each time
    except (Exception, SystemExit) as error:  # a student's file can do anything
        mistake = explain(error, path)
    for name, cases in runpy.run_path(str(checks)).items():
        if not inspect.isgeneratorfunction(cases) or only not in ("", name):
            continue
        before = source[: max(0, source.find(f"def {name}("))]
        line = before.count("\n") + 1
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
        shown = ", ".join(show(argument) for argument in arguments)
        tried = f"{name}({shown})"  # put together now: the answer may change its arguments
        torch.manual_seed(0)
        try:
            with torch.enable_grad():  # an answer before may have switched gradients off
                got = answer(*arguments)
        except (Exception, SystemExit) as error:
            return [task, f"{TEXTS['tried']} {tried}", *explain(error, path)]
        for view in views:
            tried = f"{view.__name__}({tried})"
            with suppress(Exception):  # there is no view of an answer of another kind
                got = view(got)
        if not same(got, expected):
            return [
                task,
                f"{TEXTS['tried']} {tried}",
                f"{TEXTS['got']} {show(got, full=True)}",
                f"{TEXTS['expected']} {show(expected, full=True)}",
            ]
    return []


def explain(error: BaseException, path: Path) -> list[str]:
    """Return an error in two lines: what, and on which line of the student's file."""
    if type(error) is NotImplementedError and not str(error):
        return [TEXTS["hole"]]
    line = 1
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == str(path):
            line = frame.lineno  # in the end the innermost one of this file
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = error.lineno
    message = getattr(error, "msg", error)  # a SyntaxError's text would name the file once more
    what = " ".join(f"{type(error).__name__}: {message}".split())
    return [what[:200], f"lessons/exercises/{path.name}:{line}"]


def same(got: Any, expected: Any) -> bool:
    """Return whether two values are equal, numbers nearly, and of the same kind and shape."""
    if isinstance(expected, Tensor):
        if not isinstance(got, Tensor):
            return False
        if got.shape != expected.shape or got.dtype != expected.dtype:
            return False
        return torch.allclose(got.double(), expected.double(), rtol=1e-4, atol=1e-5)
    if isinstance(expected, dict):
        return isinstance(got, dict) and same(list(got.items()), list(expected.items()))
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or len(got) != len(expected):
            return False
        return all(same(*pair) for pair in zip(got, expected, strict=True))
    if isinstance(expected, float):
        return isinstance(got, float) and math.isclose(got, expected, rel_tol=1e-4, abs_tol=1e-5)
    if isinstance(got, bool) != isinstance(expected, bool):
        return False  # for Python, True equals 1
    return isinstance(got, type(expected)) and got == expected


def show(value: Any, full: bool = False) -> str:
    """Return a value as short text; of a tensor also its shape and dtype, if `full`."""
    if isinstance(value, Tensor):
        return show_tensor(value, full)
    if isinstance(value, dict):
        pairs = [f"{key!r}: {show(entry)}" for key, entry in value.items()]
        text = "{" + ", ".join(pairs) + "}"
    elif isinstance(value, torch.Size | torch.device | torch.dtype | str | int | None):
        text = repr(value)
    elif isinstance(value, list):
        text = "[" + ", ".join(show(entry) for entry in value) + "]"
    elif isinstance(value, tuple):
        text = "(" + ", ".join(show(entry) for entry in value) + ")"
    elif isinstance(value, float):
        text = repr(round(value, 4))
    elif isinstance(value, Data):
        parts = f"{len(value.train)} train, {len(value.val)} val, {len(value.test)} test"
        text = f"Data({parts}, classes {value.info.classes})"
    else:  # of a file, a function or an object only the name
        text = getattr(value, "name", None) or getattr(value, "__name__", type(value).__name__)
    return text if len(text) <= 160 else f"{text[:157]}..."


def show_tensor(tensor: Tensor, full: bool) -> str:
    """Return a tensor's numbers if they are few, and its shape and dtype if not, or if `full`."""
    kind = f"shape {tuple(tensor.shape)}, {tensor.dtype}"
    most = 12 if full else 6
    if tensor.numel() > most or tensor.is_meta:
        return f"tensor({kind})"
    text = " ".join(repr(tensor.detach()).split())
    return f"{text}, {kind}" if full else text
