"""The study guide: tries your answers to the exercises.  python -m lessons --help"""

import difflib
import sys
import time
from typing import Annotated

import tyro

from engine.settings import UserError, run_command
from lessons import projects, words
from lessons.texts import TEXTS

# How they are typed and shown in --help: [NAME] without a flag, and --list.
Name = Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="[NAME]", help_behavior_hint="")]
List = Annotated[bool, tyro.conf.arg(name="list")]


def main(
    name: Name = "",
    hint: bool = False,
    skip: bool = False,
    watch: bool = False,
    show_list: List = False,
    project: str | None = None,
    run_dir: str | None = None,
) -> None:
    """Try the exercises of the lessons, and show the first one that is not solved yet.

    Args:
        name: Only this exercise or lesson, as `slope` or `3`. Exit code: 0 solved, 1 not.
        hint: Show one more hint: there are three, each nearer to the answer.
        skip: Leave that exercise out for now, and show the next one.
        watch: Try again whenever an exercise is saved; Ctrl-C ends it.
        show_list: Only list all exercises: which are solved, and which are not.
        project: Say what the bar of this project is, and whether it is reached. Exit code: 0 or 1.
        run_dir: With --project: the folder of the run; by default the newest one with scores.
    """
    if project is not None:
        sys.exit(0 if projects.report(project, run_dir) else 1)
    if run_dir is not None:
        raise UserError(TEXTS["run_dir"])
    known = list(words.hints())
    if name and name not in known and words.lesson_called(name) is None:
        nearest = difflib.get_close_matches(name, [*known, *words.lessons()], n=3, cutoff=0)
        raise UserError(TEXTS["unknown"].format(name=name, nearest=", ".join(nearest)))

    from lessons import tutor  # loads torch: --help and a wrong name must not wait for it

    guide = tutor.Tutor(name)
    if show_list:
        guide.list_all()
        return
    times = tutor.saved()
    solved = guide.report(hint, skip)
    while watch and not solved:
        print(TEXTS["watching"])
        while tutor.saved() == times:
            time.sleep(0.3)
        times = tutor.saved()
        solved = guide.report()
    if name and not solved:
        sys.exit(1)


if __name__ == "__main__":
    run_command(main)
