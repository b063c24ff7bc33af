"""Solve the exercises of the lessons, one after the other.  python learn.py --help"""

import time

from commands.settings import run_command


def main(hint: bool = False, watch: bool = False) -> None:
    """Try all exercises of the lessons, and show the first that is not solved yet.

    Args:
        hint: Also show a hint for it.
        watch: Try again whenever an exercise is saved; Ctrl-C ends it.
    """
    from lessons.runner import report, saved  # loads torch: --help must not wait for it

    files, done = saved(), report(hint, watch)
    while watch and not done:
        time.sleep(0.3)
        if files != (files := saved()):
            done = report(hint, watch)


if __name__ == "__main__":
    run_command(main)
