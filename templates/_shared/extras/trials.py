"""The trials of a search: each is a training, with a folder of its own."""

import io
import os
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import TrialState

from checkpoint import Run
from commands.settings import UserError
from config import Config
from extras.study import alone, ranked, score_of, settings_of
from train import show, train


def run_trials(study: optuna.Study, config: Config, space: dict[str, Any], trials: int) -> None:
    """Train again and again until there are so many trials, with those of other processes."""
    done = (TrialState.COMPLETE, TrialState.PRUNED)  # not those that were interrupted or killed
    while len(study.get_trials(deepcopy=False, states=done)) < trials:
        with alone():
            earlier = study.get_trials(deepcopy=False)
            number = sum(one.state != TrialState.FAIL for one in earlier)  # so the next one again
            study.sampler = optuna.samplers.TPESampler(seed=config.seed + number)
            trial = study.ask(space)
        try:
            run_trial(study, trial, settings_of(study, trial, config))
        except BaseException as error:
            study.tell(trial, state=TrialState.FAIL, skip_if_finished=True)
            if not isinstance(error, Exception):
                print("stopped: the same command goes on with the search")
            raise


def run_trial(study: optuna.Study, trial: optuna.Trial, config: Config) -> None:
    """Train once; not to the end where most trials were better by then, or the loss is no number.

    Its score is the validation accuracy, or the mean error, of the epoch that best.pt keeps.
    """
    folder, best, ended = Path(str(config.run_dir)), {}, ""
    if folder.exists():
        raise UserError(f"{folder} is there already: move it away, or name another --study")

    def after_epoch(run: Run) -> None:
        best.update(run.best())
        if run.signals:  # in the last validation: no step is left that would end the training
            raise SystemExit(128 + run.signals[0])
        trial.report(best[score_of(best)], len(run.history))
        if trial.should_prune():
            raise optuna.TrialPruned(f"pruned after epoch {len(run.history)}")

    try:
        with redirect_stdout(io.StringIO()):
            train(config, after_epoch)
    except (optuna.TrialPruned, UserError) as error:
        ended = str(error).split(":")[0]
        if not ended.startswith(("pruned", "the loss became", "out of memory")):
            raise  # another trial would meet the same
    for name, value in best.items():
        trial.set_user_attr(name, value)
    if ended:
        study.tell(trial, state=TrialState.PRUNED)
    else:
        study.tell(trial, best[score_of(best)])
    for path in folder.glob("*.pt" if ended else "last*.pt"):  # many trials would fill the disk
        path.unlink()
    first = [one.number for one in ranked(study)[:1]]
    with suppress(OSError, IndexError):  # the best becomes the newest run, which eval.py takes
        os.utime(Path("runs", f"{study.study_name}_{first[0]}", "config.json"))
    scores = show({name: score for name, score in best.items() if name.startswith("val_")})
    print(f"trial {trial.number:3}", *scores, "", ended or "*" * (first == [trial.number]))
