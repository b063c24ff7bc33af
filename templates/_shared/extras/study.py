"""The search as Optuna keeps it in runs/NAME.db: what is tried, what was, and who did best."""

import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.exceptions import StorageInternalError
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy.exc import SQLAlchemyError

from commands.settings import UserError
from config import Config
from data import load_splits
from loading.splits import describe
from saving.files import lock


def distribution(name: str, values: Any) -> Any:
    """Return what Optuna draws from: one of a list, or a number between the two of a tuple."""
    try:
        if isinstance(values, list):
            return CategoricalDistribution(values)
        low, high = values
        whole = isinstance(getattr(Config(), name), int)
        kind = IntDistribution if whole else FloatDistribution
        return kind(low, high, log=low > 0)
    except (TypeError, ValueError) as error:
        raise UserError(f"{name!r} in SEARCH is neither [one, of, these] nor (from, to)") from error


def settings_of(study: optuna.Study, trial: Any, config: Config) -> Config:
    """Return the settings of a trial: the search's own, and what was drawn, to three digits."""
    drawn = {
        name: float(f"{value:.3g}") if isinstance(value, float) else value
        for name, value in trial.params.items()
    }
    folder = Path("runs", f"{study.study_name}_{trial.number}")
    return Config.restore(asdict(config) | drawn | {"run_dir": str(folder)})


def score_of(row: dict[str, Any]) -> str:
    """Return the name of what counts in the row of an epoch."""
    return "val_accuracy" if "val_accuracy" in row else "val_mae"


def ranked(study: optuna.Study) -> list[FrozenTrial]:
    """Return the trials that came to their end, the best first; of equals, by validation loss."""
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    sign = -1 if study.direction == StudyDirection.MAXIMIZE else 1

    def place(trial: FrozenTrial) -> tuple[float, float]:
        row = trial.user_attrs
        return sign * row[score_of(row)], row["val_loss"]

    return sorted(complete, key=place)


@contextmanager
def alone() -> Generator[None]:
    """Wait for the search's other processes: two could make the same tables or the same trial."""
    Path("runs").mkdir(exist_ok=True)
    while True:
        with suppress(UserError):
            held = lock(Path("runs"))
            break
        time.sleep(0.1)
    with held:
        yield


def open_study(name: str, config: Config, ranges: dict[str, Any]) -> optuna.Study:
    """Return the search of that name: a new one, or one that was begun with the same settings."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    splits = load_splits(config)
    describe(splits)
    settings = {
        key: value for key, value in asdict(config).items() if key not in Config.FREE
    } | ranges
    now = {key: repr(value) for key, value in settings.items()} | {"data": splits["fingerprint"]}
    path = Path("runs", f"{name}.db")
    with alone():
        url, patience = f"sqlite:///{path.as_posix()}", {"connect_args": {"timeout": 60}}
        try:
            study = optuna.create_study(
                storage=optuna.storages.RDBStorage(url, engine_kwargs=patience),
                study_name=name, load_if_exists=True,
                direction="maximize" if splits["classes"] else "minimize",
                pruner=optuna.pruners.MedianPruner(n_warmup_steps=config.epochs // 4),  # lr rises
            )  # fmt: skip
            begun = study.user_attrs.get("begun", now)
            study.set_user_attr("begun", begun)
        except (SQLAlchemyError, StorageInternalError, RuntimeError) as error:
            why = str(error).splitlines()[0]
            raise UserError(f"{path} cannot be used: name another --study ({why})") from error
    for key, value in now.items():
        if value != (was := begun.get(key)):
            what = f"{path} was begun with {key} {was}, now it is {value}"
            raise UserError(f"{what}: keep that, or name another --study")
    return study
