"""What `python -m lessons` says: how far one is, what is next, a hint, another way."""

import ast
from contextlib import suppress
from pathlib import Path

from lessons import words
from lessons.progress import keep, read_progress
from lessons.runner import EXERCISES, Outcome, try_lesson
from lessons.texts import TEXTS

SOLUTIONS = Path(__file__).parent / "solutions"
BAR = 40  # characters

# The outcomes of each lesson, by its name, and when its exercises were saved.
Tried = dict[str, tuple[list[Outcome], int]]


class Tutor:
    """Tries the answers as often as it is asked to, and tells how they did."""

    def __init__(self, name: str = "") -> None:
        """Begin.

        Args:
            name: An exercise or a lesson that all is about; empty: the whole guide.
        """
        self.name = name
        self.tried: Tried = {}
        self.progress = read_progress()

    def report(self, hint: bool = False, skip: bool = False) -> bool:
        """Try the exercises, and print how they did.

        Args:
            hint: Show one more hint for the exercise that is told about.
            skip: Leave that exercise out for now, and tell about the next one.

        Returns:
            Whether all of them are solved.
        """
        lesson = words.lesson_called(self.name)
        if self.name and lesson is None:
            outcomes = list(try_lesson(words.lesson_with(self.name), only=self.name))
        else:
            outcomes = []
            for one in [lesson] if lesson else words.lessons():
                outcomes += self.try_whole(one)
        if not self.name:
            print_bar(outcomes)
        self.praise(outcomes)
        unsolved = [outcome for outcome in outcomes if not outcome.solved]
        if unsolved:
            self.tell(self.choose(unsolved, skip), hint)
        elif not self.name:
            print(TEXTS["done"])
        keep(self.progress)
        return not unsolved

    def try_whole(self, lesson: str) -> list[Outcome]:
        """Return how the exercises of a lesson did. They are tried again when they were saved."""
        saved = time_of(lesson)
        outcomes, before = self.tried.get(lesson, ([], -1))
        if saved != before:
            outcomes = list(try_lesson(lesson))
            self.tried[lesson] = outcomes, saved
        return outcomes

    def praise(self, outcomes: list[Outcome]) -> None:
        """Print what has been solved since the last time, and another way to do it.

        An exercise that is asked for by its name is told about each time.
        """
        solved = [outcome.name for outcome in outcomes if outcome.solved]
        new = [name for name in solved if name not in self.progress.solved or name == self.name]
        if new:
            print(TEXTS["solved"], *new)
            if not is_same_code(written(new[-1]), solution(new[-1])):
                print(TEXTS["other_way"].format(name=new[-1]))
                print(indented(solution(new[-1])))
            print()
        tried = [outcome.name for outcome in outcomes]
        others = [name for name in self.progress.solved if name not in tried]
        self.progress.solved = [*others, *solved]
        finished = []
        for lesson in words.lessons():
            if set(words.exercises(lesson)) <= set(self.progress.solved):
                finished.append(lesson)
                if lesson not in self.progress.finished:
                    number = int(lesson.partition("_")[0])
                    every = len(words.lessons())
                    print(TEXTS["lesson_done"].format(number=number, all=every), end="\n\n")
        self.progress.finished = finished

    def choose(self, unsolved: list[Outcome], skip: bool) -> Outcome:
        """Return the exercise to tell about: the first, unless it is to be left out for now."""
        left = self.not_skipped(unsolved)
        if skip:
            self.progress.skipped.append(left[0].name)
            left = self.not_skipped(unsolved)
        return left[0]

    def not_skipped(self, unsolved: list[Outcome]) -> list[Outcome]:
        """Return the exercises that are not left out. When none is left, all come again."""
        left = [outcome for outcome in unsolved if outcome.name not in self.progress.skipped]
        if not left:
            self.progress.skipped = []
            return unsolved
        return left

    def tell(self, outcome: Outcome, hint: bool) -> None:
        """Print where an exercise is, what is wrong with its answer, and the hints so far."""
        title = TEXTS["unsolved"] if self.name else TEXTS["next"]
        print(f"{title} {outcome.name}, {outcome.location}")
        for line in outcome.lines:
            print(f"    {line}")
        print()
        shown = self.progress.hints.get(outcome.name, 0)
        if hint:
            shown = min(shown + 1, words.STEPS)
            self.progress.hints[outcome.name] = shown
        for number, text in enumerate(words.hints()[outcome.name][:shown], 1):
            print(TEXTS["hint"].format(number=number, all=words.STEPS), text)
        command = f"python -m lessons {self.name} --hint".replace("  ", " ")
        if shown == 0:
            print(TEXTS["stuck"].format(command=command))
        elif shown < words.STEPS:
            print(TEXTS["more"].format(command=command))
        else:
            print(TEXTS["last_hint"])

    def list_all(self) -> None:
        """Print all exercises, lesson by lesson: solved or not, and where they are."""
        for lesson in words.lessons():
            outcomes = self.try_whole(lesson)
            solved = sum(outcome.solved for outcome in outcomes)
            print(f"{lesson}: {solved}/{len(outcomes)}")
            for outcome in outcomes:
                box = "[x]" if outcome.solved else "[ ]"
                state = TEXTS["solved"] if outcome.solved else TEXTS["unsolved"]
                print(f"    {box} {outcome.name:24} {outcome.location:42} {state.rstrip(':')}")


def print_bar(outcomes: list[Outcome]) -> None:
    """Print how many exercises are solved."""
    solved = sum(outcome.solved for outcome in outcomes)
    filled = BAR * solved // len(outcomes)
    bar = "#" * filled + "-" * (BAR - filled)
    print(f"\n[{bar}] {solved}/{len(outcomes)}\n")


def time_of(lesson: str) -> int:
    """Return when the exercises of a lesson were saved, in nanoseconds, or 0 if they are gone."""
    with suppress(OSError):  # an editor may be just replacing the file
        return (EXERCISES / f"{lesson}.py").stat().st_mtime_ns
    return 0


def saved() -> dict[str, int]:
    """Return when each file of exercises was saved."""
    return {lesson: time_of(lesson) for lesson in words.lessons()}


def solution(name: str) -> str:
    """Return how we would write an exercise."""
    return definition(SOLUTIONS, name)


def written(name: str) -> str:
    """Return the answer to an exercise, as it stands in its file."""
    return definition(EXERCISES, name)


def definition(folder: Path, name: str) -> str:
    """Return the function or the class that is an exercise, as it stands in a file of a folder.

    Raises:
        LookupError: The file does not have it.
    """
    source = (folder / f"{words.lesson_with(name)}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return ast.get_source_segment(source, node) or ""
    raise LookupError(f"{folder} has no {name}")


def is_same_code(one: str, other: str) -> bool:
    """Return whether two definitions differ in nothing but docstrings, comments and spaces."""
    return without_docstrings(one) == without_docstrings(other)


def without_docstrings(text: str) -> str:
    """Return code without docstrings, in the way that Python itself writes it."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.unparse(tree)


def indented(text: str) -> str:
    """Return a text with four spaces before each line."""
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
