"""The study guide: tries your answers to the exercises.  python -m lessons --help"""

import difflib
import sys
import time
from typing import Annotated

import tyro

from engine.settings import UserError, run_command
from lessons.texts import HINTS, TEXTS  # a hint for each exercise: its keys are all the names

# How they are typed and shown in --help: [NAME] without a flag, and --list.
Name = Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="[NAME]", help_behavior_hint="")]
List = Annotated[bool, tyro.conf.arg(name="list")]


def main(
    name: Name = "",
    hint: bool = False,
    watch: bool = False,
    show_list: List = False,
) -> None:
    """Try the exercises of the lessons, and show the first one that is not solved yet.

    Args:
        name: Try this exercise only: the exit code is 0 when it is solved, and 1 when not.
        hint: Also show a hint for the exercise that is shown.
        watch: Try again whenever an exercise is saved; Ctrl-C ends it.
        show_list: Only list all exercises: which are solved, and which are not.
    """
    if name and name not in HINTS:
        nearest = difflib.get_close_matches(name, HINTS, n=3, cutoff=0)
        raise UserError(TEXTS["unknown"].format(name=name, nearest=", ".join(nearest)))

    from lessons import runner  # loads torch: --help and a wrong name must not wait for it

    if show_list:
        runner.list_exercises()
        return
    times = runner.saved()
    solved = runner.report(hint, watch, name)
    while watch and not solved:
        time.sleep(0.3)
        newest = runner.saved()
        if newest != times:
            times = newest
            solved = runner.report(hint, watch, name)
    if name and not solved:
        sys.exit(1)


if __name__ == "__main__":
    run_command(main)
