"""The trials of a search: each is a training, with a folder of its own."""

import io
import math
from contextlib import redirect_stdout, suppress
from pathlib import Path

import optuna
from optuna.distributions import BaseDistribution
from optuna.trial import TrialState

from config import Config
from engine.describe import format_scores
from engine.run import Run
from engine.runs import make_newest
from engine.settings import UserError
from tools.study import RUNS, alone, ranked, score_of, settings_of
from train import train

# What ends a trial and not the search: another trial has other settings.
BAD_SETTINGS = ("the loss became", "out of memory")


def run_trials(
    study: optuna.Study, config: Config, space: dict[str, BaseDistribution], trials: int
) -> None:
    """Train again and again until there are so many trials, with those of other processes.

    Args:
        study: The search.
        config: The settings that are the same in all trials.
        space: What the others are drawn from.
        trials: How many trainings, with those that were done earlier.
    """
    done = (TrialState.COMPLETE, TrialState.PRUNED)  # not those that were interrupted or killed
    while len(study.get_trials(deepcopy=False, states=done)) < trials:
        with alone():
            # One that failed is tried again, with the same settings.
            earlier = study.get_trials(deepcopy=False)
            number = sum(trial.state != TrialState.FAIL for trial in earlier)
            study.sampler = optuna.samplers.TPESampler(seed=config.seed + number)
            trial = study.ask(space)
        try:
            run_trial(study, trial, settings_of(study, trial, config))
        except BaseException as error:
            study.tell(trial, state=TrialState.FAIL, skip_if_finished=True)
            if not isinstance(error, Exception):  # Ctrl-C, or a signal
                print("stopped: the same command goes on with the search")
            raise


def run_trial(study: optuna.Study, trial: optuna.Trial, config: Config) -> None:
    """Train once; not to the end where most trials were better by then, or the loss is no number.

    Its score is that of the epoch which best.pt keeps, on validation data.
    """
    folder = Path(str(config.run_dir))
    if folder.exists():
        raise UserError(f"{folder} is there already: move it away, or name another --study")
    score = score_of(study)
    best: dict[str, float] = {}

    def after_epoch(run: Run) -> None:
        best.update(run.best())
        if run.signals:  # in the last validation: no step is left that would end the training
            raise SystemExit(128 + run.signals[0])
        trial.report(best[score], len(run.history))
        if trial.should_prune():
            raise optuna.TrialPruned(f"pruned after epoch {len(run.history)}")

    ended = ""  # why, if before its end
    try:
        with redirect_stdout(io.StringIO()):
            train(config, after_epoch)
    except optuna.TrialPruned as error:
        ended = str(error)
    except UserError as error:
        ended = str(error).partition(":")[0]
        if not ended.startswith(BAD_SETTINGS):
            raise
    if not ended and not math.isfinite(best[score]):
        ended = f"{score} became {best[score]}"

    for name, value in best.items():
        trial.set_user_attr(name, value)
    if ended:
        study.tell(trial, state=TrialState.PRUNED)
    else:
        study.tell(trial, best[score])
    # The checkpoints of many trials would fill the disk.
    for path in folder.glob("*.pt"):
        if ended or path.name != "best.pt":
            path.unlink()
    print_trial(study, trial.number, best, ended)


def print_trial(study: optuna.Study, number: int, best: dict[str, float], ended: str) -> None:
    """Print a line for a trial, and make the best one the newest run, which eval.py takes."""
    scores = {name: value for name, value in best.items() if name.startswith("val_")}
    note = ended
    finished = ranked(study)
    if finished:
        first = finished[0].number
        with suppress(OSError, UserError):  # its folder was moved away
            make_newest(RUNS / f"{study.study_name}_{first}")
        if first == number:
            note = "*"
    print(f"trial {number:3}", *format_scores(scores), "", note)
