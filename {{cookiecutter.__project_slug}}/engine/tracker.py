"""Where each epoch's numbers go beside metrics.csv: --tracker tensorboard, or --tracker wandb.

A resumed run's earlier epochs are written once more: so they stand there once, and complete.
"""

import os
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from engine.metrics import Row
from engine.processes import RANK
from engine.run import Run
from engine.settings import UserError, needs

Track = Callable[[Row], None]  # takes the row of an epoch
Tracker = Callable[[Run], AbstractContextManager[Track]]


def find_tracker(name: str) -> Tracker:
    """Return what opens a tracker for a run.

    Args:
        name: "none", "tensorboard" or "wandb".

    Raises:
        UserError: Its package is not installed. So ask before the run begins.
    """
    if name == "none" or RANK > 0:
        return to_nowhere
    os.environ.setdefault("WANDB_ERROR_REPORTING", "false")  # it would call home, even offline
    with needs(name):
        import_module(name)
    return to_tensorboard if name == "tensorboard" else to_wandb


@contextmanager
def to_nowhere(run: Run) -> Generator[Track]:
    """Write nothing."""

    def track(row: Row) -> None:
        pass

    yield track


@contextmanager
def to_tensorboard(run: Run) -> Generator[Track]:
    """Write event files into the run's folder: `tensorboard --logdir runs` shows all runs."""
    from torch.utils.tensorboard import SummaryWriter
    from torch.utils.tensorboard.summary import hparams

    def track(row: Row) -> None:
        for name, value in row.items():
            writer.add_scalar(name, value, int(row["epoch"]))
        writer.flush()

    settings = {}
    for name, value in asdict(run.config).items():
        settings[name] = value if isinstance(value, int | float) else str(value)
    with SummaryWriter(run.folder, purge_step=1) as writer:  # hides the steps of older files
        for part in hparams(settings, {"val_loss": 0.0}):
            writer.file_writer.add_summary(part)
        for row in run.history:
            track(row)
        yield track


@contextmanager
def to_wandb(run: Run) -> Generator[Track]:
    """Write to Weights & Biases; without a login into the run's folder, for `wandb sync`."""
    import wandb

    project = os.environ.get("WANDB_PROJECT", Path(__file__).resolve().parent.parent.name)
    earlier = [path.stem.removeprefix("run-") for path in run.folder.glob("wandb/*/run-*.wandb")]
    try:
        is_online = "WANDB_MODE" in os.environ or wandb.login(prompt=False, verify=False)
        tracked = wandb.init(
            project=project,
            name=run.folder.name,
            dir=run.folder,
            config=asdict(run.config),
            id=earlier[0] if earlier else None,
            resume="allow",
            mode=None if is_online else "offline",
            settings=wandb.Settings(console="off", quiet=True),
        )
    except (wandb.Error, ValueError) as error:
        reason = " ".join(str(error).split())[:150].rstrip(".")
        raise UserError(f"{reason}: WANDB_MODE=offline does without the network") from error

    def track(row: Row) -> None:
        tracked.log(row, step=int(row["epoch"]))

    with tracked:
        for row in run.history:
            if row["epoch"] >= tracked.step:  # 0 offline, or the first that the server has not
                track(row)
        yield track
