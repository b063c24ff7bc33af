"""The command line: what every setting means, which values it takes, and which run is meant."""

import atexit
import functools
import gc
import json
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints

import tyro


class UserError(Exception):
    """Something only the user can put right: shown as one line, with exit code 2."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every task can set. Frozen: a run cannot change its own settings."""

    epochs: int
    batch_size: int
    lr: float
    weight_decay: float = 0.01  # how strongly weights are pulled towards zero
    optimizer: Literal["adamw", "adam", "sgd", "rmsprop"] = "adamw"  # turns gradients into steps
    clip_norm: float = 0.0  # longest gradient that is let through; 0 lets all through
    patience: int = 0  # stop after so many epochs without a better validation; 0 never stops early
    seed: int = 0  # another seed is another training; the split of the data stays
    limit_batches: int = 0  # so few batches per epoch: a rehearsal in seconds; 0 takes all
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"  # auto: bf16 on GPUs made for it
    deterministic: bool = False  # on a GPU: the same bits in each training, and slower
    fsdp: bool = False  # with torchrun: each GPU keeps a part of the model, for one too large
    compile: bool = False  # torch.compile: slow to start, faster on a large model
    device: str = "auto"  # cpu, cuda, cuda:1, mps, xpu; `python device.py` tells what is here
    num_workers: int = 0  # processes that read data ahead; 0 is fastest for data in memory
    save_every: int = 0  # also write last.pt every so many steps; 0: about once a second
    tracker: Literal["none", "tensorboard", "wandb"] = "none"  # where each epoch's numbers also go
    run_dir: str | None = None  # by default runs/<date>_<time>, or with --resume the newest run
    resume: bool = False  # go on with a run exactly where its last.pt stands

    FREE: ClassVar = {"data", "resume", "run_dir", "device", "num_workers", "save_every", "tracker"}
    LIMITS: ClassVar = {"epochs": (1, 1e9), "batch_size": (1, 1e9), "lr": (1e-12, 1e3)}

    def __post_init__(self) -> None:
        hints = get_type_hints(type(self))
        for name, value in asdict(self).items():
            flag, known = "--" + name.replace("_", "-"), get_args(hints[name])
            if get_origin(hints[name]) is Literal and value not in known:
                raise UserError(f"{flag} is {value!r}: it must be one of {', '.join(known)}")
            least, most = self.LIMITS.get(name, (0, 1e9))
            if isinstance(value, int | float) and not least <= value <= most:  # nor is nan
                raise UserError(f"{flag} is {value}: it must be from {least:g} to {most:g}")

    @classmethod
    def restore(cls, saved: dict[str, Any]) -> Any:
        """Return a run's settings; those that config.py does not have any more are left out."""
        kept = {name: saved[name] for name in saved if name in cls.__dataclass_fields__}
        for name, value in kept.items():
            kept[name] = tuple(value) if isinstance(value, list) else value  # JSON has no tuples
        return cls(**kept)


@contextmanager
def one_line_errors() -> Generator[None]:
    """End the program with one line and exit code 2 when the mistake is the user's to mend."""
    try:
        yield
    except BrokenPipeError:  # python train.py | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # there is no more to say
        print("error: nobody reads the output; a training goes on with --resume", file=sys.stderr)
        sys.exit(2)
    except (UserError, OSError) as error:  # a full disk, a folder that may not be written
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


@contextmanager
def needs(extra: str) -> Generator[None]:
    """Say how to install what an import inside does not find."""
    try:
        yield
    except ModuleNotFoundError as error:
        how = f'pip install -e ".[{extra}]", or with uv: uv sync --inexact --extra {extra}'
        raise UserError(f"{error.name} is not installed: {how}") from error


def parse(command: Callable[..., Any], **options: Any) -> Any:
    """Call a function or dataclass with what is typed; --help and typing errors end here."""
    getattr(sys.stdout, "reconfigure", dict)(line_buffering=True, errors="replace")  # for pipes
    if os.environ.get("RANK", "0") != "0":  # of several processes, one prints
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    gc.disable()  # torch loads next: looking for garbage in it takes longer than a small training
    atexit.register(gc.freeze)  # and so it does at the end
    return tyro.cli(command, **options)


@one_line_errors()
def run_command(command: Callable[..., None]) -> None:
    """Call a function with what is typed, read before the function loads anything slow."""
    command(**parse(functools.wraps(command)(lambda **typed: typed)))


@one_line_errors()
def parse_config(config_type: type[Settings]) -> Any:
    """Read train.py's command line. A resumed run keeps the settings it began with."""
    config = parse(config_type)
    restarted = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0"  # by torchrun
    if not (config.resume or restarted):
        return config
    folder = find_run(config.run_dir)
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    begun = config_type.restore(settings | {"run_dir": str(folder), "resume": True})
    resumed = parse(config_type, default=begun)
    for name, was in asdict(begun).items():  # all but the free ones change what is learned
        flag = "--" + name.replace("_", "-")
        if name not in config_type.FREE and getattr(resumed, name) != was:
            raise UserError(f"{flag} was {was} in {folder}: leave it out, or begin a new run")
        if name not in config_type.FREE and getattr(config, name) != was:
            print(f"{folder} goes on with {flag} {was}, as it began")
    return resumed


def find_run(run_dir: str | None) -> Path:
    """Return the folder of the named run, or of the newest one in runs/."""
    found = [Path(run_dir, "config.json")] if run_dir else Path("runs").glob("*/config.json")
    begun = {p.stat().st_mtime: p.parent for p in found if p.exists() and p.stat().st_size}
    if not begun:
        raise UserError(f"there is no run in {run_dir or 'runs'}: `python train.py` makes one")
    return begun[max(begun)]
