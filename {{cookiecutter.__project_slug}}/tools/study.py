"""The search as Optuna keeps it in runs/NAME.db: what is tried, what was, and who did best."""

import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any, TypeAlias

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.exceptions import StorageInternalError
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from data import Info, load_data
from engine.checkpoint import lock
from engine.data_identity import differences, identity
from engine.describe import describe
from engine.metrics import lower_is_better, name_of
from engine.runs import RUNS
from engine.settings import UserError
from model import metrics

Values: TypeAlias = list[Any] | tuple[Any, ...]  # of SEARCH in config.py

DIGITS = 3  # of a number that is tried, so that it can be read and typed


def distribution(name: str, values: Values) -> BaseDistribution:
    """Return what Optuna draws from.

    Args:
        name: Of a setting.
        values: A list: one of these. A tuple: a number between the two.

    Raises:
        UserError: It is neither.
    """
    try:
        if isinstance(values, list):
            return CategoricalDistribution(values)
        low, high = values
        if isinstance(getattr(Config(), name), int):
            return IntDistribution(low, high, log=low > 0)
        return FloatDistribution(low, high, log=low > 0)
    except (TypeError, ValueError) as error:
        raise UserError(
            f"config.py: {name!r} in SEARCH is neither [one, of, these] nor (from, to)"
        ) from error


def settings_of(study: optuna.Study, trial: Trial | FrozenTrial, config: Config) -> Config:
    """Return the settings of a trial: those of the search, and what was drawn for it."""
    settings = asdict(config)
    for name, value in trial.params.items():
        if isinstance(value, float):
            value = float(f"{value:.{DIGITS}g}")
        settings[name] = value
    settings["run_dir"] = str(RUNS / f"{study.study_name}_{trial.number}")
    return Config.restore(settings)


def judging_score(config: Config, info: Info) -> str:
    """Return what trials are judged by, as a row of an epoch calls it: val_loss, val_accuracy.

    It is what chooses the model that a training keeps: --best-by.

    Raises:
        UserError: There is no such metric.
    """
    names = ["loss", *[name_of(metric) for metric in metrics(info)]]
    if config.best_by not in names:
        raise UserError(
            f"--best-by, or best_by in config.py, is {config.best_by!r}: "
            f"it must be one of {', '.join(names)}"
        )
    return f"val_{config.best_by}"


def score_of(study: optuna.Study) -> str:
    """Return what the trials of a search are judged by."""
    return study.user_attrs["score"]


def ranked(study: optuna.Study) -> list[FrozenTrial]:
    """Return the trials that came to their end, the best first; of equals, by validation loss."""
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    name = score_of(study)

    def badness(trial: FrozenTrial) -> tuple[float, float]:
        score = trial.user_attrs[name]
        if study.direction == StudyDirection.MAXIMIZE:
            score = -score
        return score, trial.user_attrs["val_loss"]

    return sorted(complete, key=badness)


@contextmanager
def alone() -> Generator[None]:
    """Wait for the search's other processes: two could make the same tables or the same trial."""
    RUNS.mkdir(exist_ok=True)
    held = None
    while held is None:
        with suppress(UserError):
            held = lock(RUNS)
        if held is None:
            time.sleep(0.1)
    with held:
        yield


def open_study(name: str, config: Config, ranges: Mapping[str, Values]) -> optuna.Study:
    """Return the search of that name: a new one, or one that was begun with the same settings.

    Raises:
        UserError: It was begun with others, or its file cannot be used.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    data = load_data(config)
    describe(data, metrics(data.info))
    score = judging_score(config, data.info)
    now: dict[str, Any] = {"data": identity(data)}
    for key, value in asdict(config).items():
        if key not in Config.FREE:
            now[key] = repr(value)
    for key, values in ranges.items():
        now[key] = repr(values)
    now["score"] = score

    path = RUNS / f"{name}.db"
    with alone():
        try:
            study = optuna.create_study(
                storage=optuna.storages.RDBStorage(
                    f"sqlite:///{path.as_posix()}",
                    engine_kwargs={"connect_args": {"timeout": 60}},  # seconds to wait
                ),
                study_name=name,
                load_if_exists=True,
                direction="minimize" if lower_is_better(score) else "maximize",
                # In the first quarter of the epochs the learning rate still rises.
                pruner=optuna.pruners.MedianPruner(n_warmup_steps=config.epochs // 4),
            )
            begun = study.user_attrs.get("begun", now)
            study.set_user_attr("begun", begun)
            study.set_user_attr("score", begun["score"])
        except (SQLAlchemyError, StorageInternalError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise UserError(f"{path} cannot be used: name another --study ({reason})") from error
    if differences(begun["data"], data, goes_on=True):
        raise UserError(f"{path} was begun with other data: keep these, or name another --study")
    for key, value in now.items():
        was = begun.get(key)
        if value != was and key != "data":
            what = f"{path} was begun with {key} {was}, now it is {value}"
            raise UserError(f"{what}: keep that, or name another --study")
    return study
