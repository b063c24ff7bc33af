"""The command line: what every setting means, which values it takes, and which run is meant."""

import atexit
import functools
import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import tyro

FREE_ON_RESUME = {"run_dir", "resume", "device", "num_workers", "save_every"}


class UserError(Exception):
    """Something only the user can put right: shown as one line, with exit code 2."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every task can set. Frozen: a run cannot change its own settings."""

    epochs: int
    """How many times training sees every example."""
    batch_size: int
    """Examples per optimizer step."""
    lr: float
    """Peak learning rate. Too high: the loss jumps or becomes nan. Too low: it hardly falls."""
    weight_decay: float = 0.01
    """How strongly weights are pulled towards zero."""
    optimizer: Literal["adamw", "adam", "sgd", "rmsprop"] = "adamw"
    """The rule that turns gradients into steps: https://docs.pytorch.org/docs/stable/optim.html"""
    clip_norm: float = 0.0
    """Longest gradient that is let through; 0 lets every gradient through."""
    patience: int = 0
    """Stop after so many epochs without a better validation accuracy; 0 never stops early."""
    seed: int = 0
    """Another seed is another training: weights, order, augmentation. The data split stays."""
    limit_batches: int = 0
    """Train and validate on so few batches per epoch: a rehearsal in seconds. 0 takes all."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Number format of the model's arithmetic; auto is bf16 on GPUs made for it, else fp32."""
    compile: bool = False
    """Compile the model with torch.compile: slow to start, faster on a large model."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:1, mps, xpu: where to train. `python device.py` tells what is here."""
    num_workers: int = 0
    """Processes that read data ahead; 0 is fastest for data that is in memory already."""
    save_every: int = 0
    """Also write last.pt every so many steps; 0 leaves it to the clock (every 5 seconds)."""
    run_dir: str | None = None
    """The run's folder. By default a new one, runs/<date>_<time>; with --resume, the newest."""
    resume: bool = False
    """Go on with a run exactly where its last.pt stands."""

    def __post_init__(self) -> None:
        self.require(1, "epochs", "batch_size")
        self.require(1e-12, "lr")
        self.require(0, "weight_decay", "clip_norm", "patience", "seed", "limit_batches")
        self.require(0, "num_workers", "save_every")

    def require(self, least: float, *names: str, most: float = 1e12) -> None:
        """Raise UserError unless each named setting is from `least` to `most`."""
        for name in names:
            flag, value = "--" + name.replace("_", "-"), getattr(self, name)
            if not least <= value <= most:  # nor is nan
                raise UserError(f"{flag} is {value}: it must be from {least:g} to {most:g}")


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End the program with one line and exit code 2 when the mistake is the user's to mend."""
    try:
        yield
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


@one_line_errors()
def parse(command: Callable[..., Any], **options: Any) -> Any:
    """Call a function or dataclass with what is typed; --help and typing errors end here."""
    # Torch loads next. Looking for garbage among its modules, now and once more at the end,
    # would take longer than training on a small data set.
    gc.disable()
    atexit.register(gc.freeze)
    return tyro.cli(command, config=(tyro.conf.FlagCreatePairsOff,), **options)


@one_line_errors()
def run_command(command: Callable[..., None]) -> None:
    """Call a function with what is typed, read before the function loads anything slow."""
    command(**parse(functools.wraps(command)(lambda **typed: typed)))


@one_line_errors()
def parse_config(config_type: type[Settings]) -> Any:
    """Read train.py's command line. A resumed run keeps the settings it began with."""
    config = parse(config_type)
    if not config.resume:
        return config
    folder = find_run(config.run_dir)
    try:
        settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        begun = replace(config_type(**settings), run_dir=str(folder), resume=True)
    except (TypeError, ValueError) as error:  # edited, or written by another config.py
        raise UserError(f"{folder / 'config.json'} does not fit config.py: {error}") from error
    resumed = parse(config_type, default=begun)
    for name, was in asdict(begun).items():
        flag, asked = "--" + name.replace("_", "-"), getattr(resumed, name)
        if asked != was and name not in FREE_ON_RESUME:
            reason = f"{folder} was begun with {flag} {was}, and {asked} would change its result"
            raise UserError(f"{reason}: leave {flag} out, or start a new run without --resume")
    return resumed


def new_run(config: Settings) -> Path:
    """Make the folder of a new run, with its settings in config.json, and return it."""
    folder = Path(config.run_dir or time.strftime("runs/%Y-%m-%d_%H-%M-%S"))
    if (folder / "config.json").exists():
        raise UserError(f"{folder} already holds a run: add --resume, or name another --run-dir")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(asdict(config), indent=2), encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot write to {folder}: {error.strerror}") from error
    return folder


def find_run(run_dir: str | None) -> Path:
    """Return the folder of the named run, or of the newest one in runs/."""
    found = [Path(run_dir, "config.json")] if run_dir else Path("runs").glob("*/config.json")
    begun = {path.stat().st_mtime: path.parent for path in found if path.exists()}
    if not begun:
        raise UserError(f"there is no run in {run_dir or 'runs'}: `python train.py` makes one")
    return begun[max(begun)]
