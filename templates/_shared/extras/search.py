"""What sweep.py is told on the command line. PyTorch and Optuna load later, so --help is quick."""

import os
import re
import sys
from dataclasses import asdict, dataclass
from typing import Any

from tyro.conf import Suppress

from commands.settings import UserError, needs
from config import Config


@dataclass(frozen=True, kw_only=True)
class Sweep(Config):
    """Train many times, each time with other settings, and say which did best on validation data.

    SEARCH in sweep.py says what is tried; what is typed is the same in all trials. The same command
    goes on with a search that was stopped, and typed in two terminals, two processes share it.
    """

    trials: int = 30  # trainings in all, with those that a stopped search has done
    study: str = "sweep"  # a name for the search: runs/NAME.db and runs/NAME_0, NAME_1, ...
    run_dir: Suppress[str | None] = None
    resume: Suppress[bool] = False

    LIMITS = Config.LIMITS | {"trials": (1, 1e6)}


def search(sweep: Sweep, ranges: dict[str, Any]) -> None:
    """Run the trials that are left to do, and show the best."""
    if os.environ.get("WORLD_SIZE", "1") != "1":
        raise UserError("sweep.py is not for torchrun: start it once per GPU, with --device cuda:1")
    if not re.fullmatch(r"[\w -]+", sweep.study):  # a part of file names, and of an address
        raise UserError(f"--study {sweep.study!r} is to be a name of letters, digits, - and _")
    if unknown := [name for name in ranges if name not in Config.__dataclass_fields__]:
        raise UserError(f"SEARCH in sweep.py has {unknown[0]!r}, which is no setting of config.py")
    with needs("sweep"):
        from extras.findings import show_best
        from extras.study import distribution, open_study
        from extras.trials import run_trials
    flags = [word.split("=")[0] for word in sys.argv[1:] if word.startswith("--")]
    typed = {flag[2:].removeprefix("no-").replace("-", "_") for flag in flags}
    searched = {name: values for name, values in ranges.items() if name not in typed}
    space = {name: distribution(name, values) for name, values in searched.items()}
    config = Config.restore(asdict(sweep))
    study = open_study(sweep.study, config, searched)
    run_trials(study, config, space, sweep.trials)
    show_best(study, config)
