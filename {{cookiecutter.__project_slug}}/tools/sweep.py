"""Search for better settings: many trainings, each with others."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from tyro.conf import Suppress

from config import SEARCH, Config
from engine.settings import UserError, needs, one_line_errors, parse_settings, without_use

Values: TypeAlias = list[Any] | tuple[Any, ...]  # [one, of, these], or a number (from, to)


@dataclass(frozen=True, kw_only=True)
class Sweep(Config):
    """Train many times, each time with other settings, and say which did best on validation data.

    SEARCH in config.py says what is tried; what is typed is the same in all trials. The same
    command goes on with a search that was stopped, and typed in two terminals, two processes
    share it.
    """

    trials: int = 30  # trainings in all, with those that a stopped search has done
    study: str = "sweep"  # a name for the search: runs/NAME.db and runs/NAME_0, NAME_1, ...
    run_dir: Suppress[str | None] = None
    resume: Suppress[bool] = False

    LIMITS = Config.LIMITS | {"trials": (1, 1e6)}


def search(sweep: Sweep, ranges: Mapping[str, Values]) -> None:
    """Run the trials that are left to do, and show the best.

    Args:
        sweep: What was typed.
        ranges: What is tried, by the names of the settings.

    Raises:
        UserError: The search makes no sense, or not with these data.
    """
    if os.environ.get("WORLD_SIZE", "1") != "1":
        raise UserError(
            "tools.sweep is not for torchrun: start it once per GPU, with --device cuda:1"
        )
    if not re.fullmatch(r"[\w -]+", sweep.study):  # a part of file names, and of an address
        raise UserError(f"--study {sweep.study!r} is to be a name of letters, digits, - and _")
    for name in ranges:
        if name not in Config.__dataclass_fields__:
            raise UserError(f"SEARCH in config.py has {name!r}, which is no setting there")
    with needs("sweep"):  # imported here: --help must not wait for PyTorch and Optuna
        from tools.findings import show_best
        from tools.study import distribution, open_study
        from tools.trials import run_trials

    searched = ranges_to_try(sweep, ranges)
    space = {name: distribution(name, values) for name, values in searched.items()}
    config = Config.restore(asdict(sweep))
    study = open_study(sweep.study, config, searched)
    run_trials(study, config, space, sweep.trials)
    show_best(study, config)


def ranges_to_try(sweep: Sweep, ranges: Mapping[str, Values]) -> dict[str, Values]:
    """Return the ranges of what is neither typed nor without use in these trainings.

    Args:
        sweep: What was typed.
        ranges: Of all that could be tried, by the names of the settings.
    """
    left_out = {*typed_settings(sys.argv[1:]), *without_use(sweep)}
    return {name: values for name, values in ranges.items() if name not in left_out}


def typed_settings(words: list[str]) -> set[str]:
    """Return the names of the settings on a command line: weight_decay for --weight-decay=0.1."""
    names = set()
    for word in words:
        if word.startswith("--"):
            flag = word.removeprefix("--").partition("=")[0]
            names.add(flag.removeprefix("no-").replace("-", "_"))
    return names


if __name__ == "__main__":
    with one_line_errors():
        search(parse_settings(Sweep), SEARCH)
