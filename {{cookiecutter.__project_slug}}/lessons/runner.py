"""Tries the answers to the exercises.

The exercises of a lesson are functions and classes in exercises/. The file of the same name in
checks/ has a generator for each: it yields the cases that the answer is tried with.
"""

import inspect
import re
import runpy
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lessons import words
from lessons.cases import Case, OneOf
from lessons.compare import Difference, difference
from lessons.patience import LIMIT, NeverEnds, limited
from lessons.show import show
from lessons.texts import TEXTS

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


@dataclass
class Answer:
    """What a student wrote for one exercise."""

    name: str
    value: Any  # the function or the class; None: there is none of this name
    path: Path
    line: int  # where it begins

    @property
    def location(self) -> str:
        """Return where it is, as an editor understands it."""
        return place(self.path, self.line)


def place(path: Path, line: int) -> str:
    """Return a line of a file of exercises, as an editor understands it."""
    return f"lessons/exercises/{path.name}:{line}"


def try_lesson(lesson: str, only: str = "") -> Iterator[Outcome]:
    """Try the exercises of a lesson.

    Args:
        lesson: As "03_autograd".
        only: Try the exercise of this name alone.
    """
    checks = CHECKS / f"{lesson}.py"
    path = EXERCISES / checks.name
    source = ""
    answers = {}
    mistake = []
    try:
        source = path.read_text(encoding="utf-8")
        with limited(path, lambda line: print_endless(path, line)):
            answers = runpy.run_path(str(path))  # afresh each time
    except (Exception, SystemExit) as error:  # a student's file can do anything
        mistake = explain(error, path)
    for name, cases in runpy.run_path(str(checks)).items():
        if not inspect.isgeneratorfunction(cases) or only not in ("", name):
            continue
        answer = Answer(name, answers.get(name), path, line_of(name, source))
        torch.manual_seed(0)
        lines = mistake or try_cases(answer, cases())
        yield Outcome(name, answer.location, lines)


def line_of(name: str, source: str) -> int:
    """Return the line on which a function or a class begins, or 1 if there is none."""
    found = re.search(rf"^(def|class) {name}\b", source, re.MULTILINE)
    return source.count("\n", 0, found.start()) + 1 if found else 1


def try_cases(answer: Answer, cases: Iterable[Case]) -> list[str]:
    """Return what is wrong with an answer, or nothing."""
    if answer.value is None:
        return [TEXTS["missing"]]
    number = 0
    for case in cases:
        number += 1
        lines = try_case(answer, case)
        if lines:
            task = (answer.value.__doc__ or "").partition("\n")[0]
            sentence = words.about(answer.name, case.about)
            return [task, *lines, *([sentence] if sentence else [])]
    assert number > 0, f"checks of {answer.name}: there is no case"
    return []


def try_case(answer: Answer, case: Case) -> list[str]:
    """Return what is wrong with an answer in one case, or nothing."""
    shown = ", ".join(show(argument) for argument in case.arguments)
    tried = f"{answer.name}({shown})"  # put together now: the answer may change its arguments
    if case.run:
        tried = f"{case.run.__name__}({answer.name})"
    before = [snapshot(argument) for argument in case.arguments]
    try:
        got = call(answer, case)
    except NeverEnds as error:
        return [f"{TEXTS['tried']} {tried}", *endless(answer.path, error.line)]
    except (Exception, SystemExit) as error:
        return [f"{TEXTS['tried']} {tried}", *explain(error, answer.path, answer.line)]
    if case.view:
        tried = f"{case.view.__name__}({tried})"
        try:
            with limits_for(answer):
                got = case.view(got)
        except (Exception, SystemExit) as error:
            if isinstance(error, NeverEnds) or is_in(answer.path, error):
                return [f"{TEXTS['tried']} {tried}", *explain(error, answer.path)]
            # else there is no view of an answer of another kind
    found = difference(got, case.expected)
    if found:
        return [f"{TEXTS['tried']} {tried}", *told(found, got, case.expected)]
    for number, old in enumerate(before):
        if number in case.changes:
            continue
        if old is not None and difference(snapshot(case.arguments[number]), old):
            name = list(inspect.signature(answer.value).parameters)[number]
            return [f"{TEXTS['tried']} {tried}", TEXTS["changed"].format(name=name)]
    return []


def call(answer: Answer, case: Case) -> Any:
    """Return what an answer returns. What it does to PyTorch's own settings is undone."""
    with torch.random.fork_rng(devices=[]), torch.enable_grad(), limits_for(answer):
        torch.manual_seed(0)
        try:
            if case.run:
                return case.run(answer.value)
            return answer.value(*case.arguments)
        finally:
            torch.set_default_dtype(torch.float32)
            torch.set_default_device(None)


def limits_for(answer: Answer) -> AbstractContextManager[None]:
    """Return a context that stops an answer which takes too long."""

    def give_up(line: int) -> None:
        print(f"{TEXTS['unsolved']} {answer.name}, {answer.location}")
        print_endless(answer.path, line)

    return limited(answer.path, give_up)


def snapshot(value: Any) -> Any:
    """Return a copy of what must not be changed, or None for what is not looked at."""
    if isinstance(value, Tensor):
        return [value.detach().clone(), value.requires_grad]
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, nn.Module):
        return {name: snapshot(tensor) for name, tensor in value.state_dict(keep_vars=True).items()}
    if isinstance(value, dict):
        return {key: snapshot(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [snapshot(entry) for entry in value]
    return value if isinstance(value, int | float | str) else None


def told(found: Difference, got: Any, expected: Any) -> list[str]:
    """Return the lines about an answer that is wrong: what came, and the first difference."""
    if isinstance(expected, OneOf):
        expected = expected.values[0]
    came = f"{TEXTS['got']} {show(got, full=True)}"
    right = f"{TEXTS['expected']} {show(expected, full=True)}"
    if found.where:
        differs = TEXTS["difference"].format(**vars(found))
        return [came, right, differs]
    parts = isinstance(expected, list | tuple) and isinstance(got, list | tuple)
    names = isinstance(expected, Mapping) and isinstance(got, Mapping)
    if parts or names or isinstance(expected, Tensor | np.ndarray):
        differs = TEXTS["kind"].format(got=found.got, expected=found.expected)
        return [came, right, differs]
    if type(got) is not type(expected):
        came += f" ({type(got).__name__})"
        right += f" ({type(expected).__name__})"
    return [came, right]


def endless(path: Path, line: int) -> list[str]:
    """Return the lines about an answer that does not end."""
    return [TEXTS["endless"].format(seconds=f"{LIMIT:.0f}"), place(path, line)]


def print_endless(path: Path, line: int) -> None:
    """Print the lines about an answer that does not end, just before the program is ended."""
    for text in endless(path, line):
        print(f"    {text}")


def explain(error: BaseException, path: Path, line: int = 1) -> list[str]:
    """Return an error in two lines: what, and on which line of the student's file.

    Args:
        error: What was raised.
        path: The student's file.
        line: The one to name if the error was raised in none of that file.
    """
    if type(error) is NotImplementedError and not str(error):
        return [TEXTS["hole"]]
    if isinstance(error, NeverEnds):
        return endless(path, error.line)
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == str(path):
            line = frame.lineno or line  # in the end the innermost one of this file
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = error.lineno or line
    message = getattr(error, "msg", error)  # a SyntaxError's text would name the file once more
    what = " ".join(f"{type(error).__name__}: {message}".split())
    return [what[:200], place(path, line)]


def is_in(path: Path, error: BaseException) -> bool:
    """Return whether an error was raised by the code in a file."""
    frames = traceback.extract_tb(error.__traceback__)
    return any(frame.filename == str(path) for frame in frames)
