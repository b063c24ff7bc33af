"""Where each epoch's numbers go beside metrics.csv: --tracker tensorboard, or --tracker wandb."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from checkpoint import Run
from commands.settings import UserError, needs
from parallel.processes import RANK

Track = Callable[[dict[str, Any]], None]  # takes the row of an epoch


def find_tracker(name: str) -> Callable[[Run], Any]:
    """Return what opens the tracker for a run. The package must be there, so ask before it begins.

    A resumed run's earlier epochs are written once more: they stand there once and complete.
    """
    if name == "none" or RANK > 0:
        return lambda run: nullcontext(lambda row: None)
    os.environ.setdefault("WANDB_ERROR_REPORTING", "false")  # it would call home, even offline
    with needs(name):
        import_module(name)
    return to_tensorboard if name == "tensorboard" else to_wandb


@contextmanager
def to_tensorboard(run: Run) -> Generator[Track]:
    """Write event files into the run's folder: `tensorboard --logdir runs` shows all runs."""
    from torch.utils.tensorboard import SummaryWriter
    from torch.utils.tensorboard.summary import hparams

    def track(row: dict[str, Any]) -> None:
        for name, value in row.items():
            writer.add_scalar(name, value, row["epoch"])
        writer.flush()

    settings = asdict(run.config).items()
    plain = {key: one if isinstance(one, int | float) else str(one) for key, one in settings}
    with SummaryWriter(run.folder, purge_step=1) as writer:  # hides the steps of older files
        for part in hparams(plain, {"val_loss": 0.0}):
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
        chosen = "WANDB_MODE" in os.environ or wandb.login(prompt=False, verify=False)
        tracked = wandb.init(
            project=project, name=run.folder.name, dir=run.folder, config=asdict(run.config),
            id=earlier[0] if earlier else None, resume="allow", mode=None if chosen else "offline",
            settings=wandb.Settings(console="off", quiet=True),
        )  # fmt: skip
    except (wandb.Error, ValueError) as error:
        reason = " ".join(str(error).split())[:150].rstrip(".")
        raise UserError(f"{reason}: WANDB_MODE=offline does without the network") from error
    with tracked:
        for row in run.history:
            if row["epoch"] >= tracked.step:  # 0 offline, or the first that the server has not
                tracked.log(row, step=row["epoch"])
        yield lambda row: tracked.log(row, step=row["epoch"])
