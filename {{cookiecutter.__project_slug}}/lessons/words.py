"""What is said about each exercise: its hints, and what its cases are about, from hints/."""

import runpy
from functools import cache
from pathlib import Path

from lessons.texts import TEXTS

FOLDER = Path(__file__).parent
STEPS = 3  # from a question to nearly the line


@cache
def hints() -> dict[str, list[str]]:
    """Return the hints for each exercise, in the order of the exercises."""
    found = {}
    for said in of_lessons().values():
        found |= said["HINTS"]
    return found


@cache
def cases() -> dict[str, dict[str, str]]:
    """Return, for each exercise, sentences by the names that its cases have in checks/."""
    found = {}
    for said in of_lessons().values():
        found |= said["CASES"]
    return found


def exercises(lesson: str) -> list[str]:
    """Return the names of the exercises of a lesson."""
    return list(of_lessons()[lesson]["HINTS"])


def lesson_with(exercise: str) -> str:
    """Return the lesson that an exercise belongs to, as "03_autograd".

    Raises:
        LookupError: There is no such exercise.
    """
    for lesson in of_lessons():
        if exercise in exercises(lesson):
            return lesson
    raise LookupError(f"no lesson has {exercise}")


@cache
def of_lessons() -> dict[str, dict[str, dict]]:
    """Return what stands in each file of hints/, by the name of the lesson."""
    paths = sorted((FOLDER / "hints").glob("[0-9]*.py"))
    return {path.stem: runpy.run_path(str(path)) for path in paths}


def lessons() -> list[str]:
    """Return the names of all lessons, as "03_autograd".

    A lesson that was deleted counts as long as its exercises can be tried.
    """
    return list(of_lessons())


def lesson_called(name: str) -> str | None:
    """Return the lesson that is meant by "3", "03", "autograd" or "03_autograd", if one is."""
    for lesson in lessons():
        number, _, title = lesson.partition("_")
        if name in (lesson, title, number, number.lstrip("0")):
            return lesson
    return None


def about(exercise: str, case: str) -> str | None:
    """Return what a case of an exercise is about, in a sentence, if there is one."""
    sentence = cases().get(exercise, {}).get(case)
    return f"{TEXTS['about']} {sentence}" if sentence else None
