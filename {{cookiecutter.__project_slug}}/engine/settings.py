"""The settings of a training, the command line, and which run a command means."""

import atexit
import gc
import io
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import wraps
from pathlib import Path
from types import UnionType
from typing import (
    Any,
    ClassVar,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import tyro

from engine.errors import UserError
from engine.names import composed
from engine.program import (
    check_folder,
    end_quickly,
    end_with_error,
    ignore_serial_mode,
    is_file_not_written,
    is_out_of_memory,
    is_written,
    line_of,
    open_closed_streams,
)
from engine.runs import find_run, read_config
from engine.terminal import spell_out_control_characters

SettingsType = TypeVar("SettingsType", bound="Settings")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every training can set. Frozen: a training cannot change its own settings.

    The comment behind a field is its text in --help.
    """

    epochs: int
    batch_size: int
    lr: float
    accumulate: int = 1  # so many batches make one optimizer step: as one large batch, less memory
    weight_decay: float = 0.01  # how strongly weights are pulled towards zero
    optimizer: Literal["adamw", "adam", "sgd", "rmsprop"] = "adamw"  # turns gradients into steps
    clip_norm: float = 0.0  # longest gradient that is let through; 0 lets all through
    best_by: str = "loss"  # what best.pt is best in, on validation data: loss, or a metric's name
    class_weights: float = 0.0  # from 0 to 1: examples of rare classes count more in training
    ema: float = 0.0  # e.g. 0.99: an average of the weights is evaluated and kept; 0 takes none
    patience: int = 0  # stop after so many epochs without a better validation; 0 never stops early
    seed: int = 0  # another seed is another training; the split of the data stays
    limit_batches: int = 0  # so few batches per epoch: a rehearsal in seconds; 0 takes all
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"  # auto: bf16 on GPUs made for it
    deterministic: bool = False  # on a GPU: the same bits in each training, and slower
    fsdp: bool = False  # with torchrun: each GPU keeps a part of the model, for one too large
    compile: bool = False  # torch.compile: slow to start, faster on a large model
    device: str = "auto"  # auto takes the best there is; or cpu, cuda, cuda:1, mps, xpu
    num_workers: int = 0  # processes that read data ahead; 0 is fastest for data in memory
    save_every: int = 0  # also write last.pt every so many steps; 0: about once a second
    timeout: float = 10.0  # with torchrun: after so many minutes without another process all end
    tracker: Literal["none", "tensorboard", "wandb"] = "none"  # where each epoch's numbers also go
    run_dir: str | None = None  # by default runs/<date>_<time>, or with --resume the newest run
    resume: bool = False  # go on with a run exactly where its last.pt stands
    init_from: str | None = None  # the folder of another run: begin with the weights of its best.pt
    frozen_epochs: int = 0  # so many epochs first, in which layers that have learned stand still
    backbone_lr: float | None = None  # then their peak learning rate; by default a tenth of lr

    # What may differ when a run is resumed: these settings do not change what is learned.
    FREE: ClassVar = {
        "data",
        "resume",
        "run_dir",
        "device",
        "num_workers",
        "save_every",
        "timeout",
        "tracker",
    }
    # What names a file or a folder: it stays as it was typed. All other text becomes NFC.
    PATHS: ClassVar = {"data", "run_dir", "init_from"}
    # The least and the most that a number may be; for all others it is 0 and a billion.
    LIMITS: ClassVar = {
        "epochs": (1, 1e9),
        "batch_size": (1, 1e9),
        "lr": (1e-12, 1e3),
        "backbone_lr": (1e-12, 1e3),
        "accumulate": (1, 1e6),
        "class_weights": (0, 1),
        "ema": (0, 0.999999),
        "timeout": (0.01, 1e5),
    }

    def __post_init__(self) -> None:
        types = get_type_hints(type(self))
        for name, value in asdict(self).items():
            if name not in self.PATHS:
                value = composed_setting(value)
                object.__setattr__(self, name, value)  # the only way in a frozen dataclass
            if get_origin(types[name]) is Literal and value not in get_args(types[name]):
                choices = ", ".join(get_args(types[name]))
                raise UserError(f"{flag(name)} is {value!r}: it must be one of {choices}")
            least, most = self.LIMITS.get(name, (0, 1e9))
            if isinstance(value, int | float) and not least <= value <= most:  # nan is refused too
                raise UserError(f"{flag(name)} is {value}: it must be from {least:g} to {most:g}")
        if self.ema > 0 and self.fsdp:
            raise UserError("--ema keeps a whole copy of the model, --fsdp a part: leave one out")

    @classmethod
    def restore(cls: type[SettingsType], saved: dict[str, Any]) -> SettingsType:
        """Return the settings of a run. Those that config.py does not have any more are left out.

        Args:
            saved: What config.json or a checkpoint holds.
        """
        types = get_type_hints(cls)
        kept: dict[str, Any] = {}
        for name, value in saved.items():
            if name not in cls.__dataclass_fields__:
                continue
            kept[name] = tuple(value) if isinstance(value, list) else value  # JSON has no tuple
            if not is_of_type(kept[name], types[name]):
                raise UserError(
                    f"config.json or a checkpoint of the run holds {value!r} for {name}, which is "
                    "no such setting: mend it there, or train a new model"
                )
        return cls(**kept)


def is_of_type(value: Any, kind: Any) -> bool:
    """Return whether a value is of the type that a setting is declared with.

    Args:
        value: Read from a file.
        kind: Such as `int`, `str | None` or `tuple[str, ...]`. A Literal is checked elsewhere.
    """
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return any(is_of_type(value, part) for part in get_args(kind))
    if origin is tuple:
        return isinstance(value, tuple)
    if isinstance(value, bool):
        return kind not in (int, float, str)
    if kind is float:
        return isinstance(value, int | float)
    if isinstance(kind, type):
        return isinstance(value, kind)
    return True


def composed_setting(value: Any) -> Any:
    """Return the value of a setting, its text in the form NFC: a name of a column, or several."""
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, tuple):
        return tuple(composed_setting(part) for part in value)
    return value


def flag(name: str) -> str:
    """Return how a setting is typed: --batch-size for batch_size."""
    return "--" + name.replace("_", "-")


@contextmanager
def one_line_errors() -> Generator[None]:
    """End the program with one line and exit code 2 when the mistake is the user's to mend."""
    open_closed_streams()
    ignore_serial_mode()
    try:
        check_folder()
        yield
        sys.stdout.flush()  # a full disk shows here, or else at Python's end
    except BrokenPipeError:  # as in: python train.py | head
        is_written(sys.stdout)  # what is left of the line would fail once more
        end_with_error("nobody reads the output; a training goes on with --resume")
    except (UserError, OSError) as error:  # OSError: a full disk, a folder that may not be written
        end_with_error(line_of(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except (MemoryError, RuntimeError, ImportError) as error:
        if is_file_not_written(error):
            end_with_error("a file could not be written: is the disk full?")
        if not is_out_of_memory(error):
            raise
        end_with_error("out of memory: end other programs, or try a smaller model or fewer data")


@contextmanager
def needs(extra: str) -> Generator[None]:
    """Say how to install what an import inside does not find.

    Args:
        extra: The group of optional packages in pyproject.toml.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        how = f'pip install -e ".[{extra}]", or with uv: uv sync --inexact --extra {extra}'
        raise UserError(f"{error.name} is not installed: {how}") from error


def parse(options: Callable[..., Any], **more: Any) -> Any:
    """Return what `options` makes of the command line. --help and typing errors end here.

    Args:
        options: A dataclass or a function; tyro makes flags of its fields or arguments.
        more: Passed on to `tyro.cli`.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # it is none in a notebook
        # In a pipe, too, each line comes at once.
        sys.stdout.reconfigure(line_buffering=True, errors="replace")
    if os.environ.get("RANK", "0") != "0":  # of the processes of torchrun, the first one prints
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    # A notebook hands on how it draws, which only it can. Here pictures are files.
    os.environ.pop("MPLBACKEND", None)
    # PyTorch loads next. Looking for garbage in it takes longer than a small training, and so it
    # does when Python ends.
    gc.disable()
    atexit.register(end_quickly)
    typed = tyro.cli(options, prog=program(), **more)
    spell_out_control_characters()  # not before: --help has colours
    return typed


def program() -> str:
    """Return how this program was started, for --help: train.py, or python -m tools.runs."""
    started_as = getattr(sys.modules["__main__"], "__spec__", None)
    if started_as is None:
        return Path(sys.argv[0]).name
    return f"python -m {started_as.name.removesuffix('.__main__')}"


def parse_settings(config_type: type[SettingsType]) -> SettingsType:
    """Return the settings that are typed. With --backbone or --base others are the default.

    Args:
        config_type: Config of config.py, or one that adds to it. Its WITH_BACKBONE or WITH_BASE,
            if it has one, holds these defaults by their names.

    Raises:
        UserError: A setting is changed that does nothing in this training.
    """
    config = parse(config_type)
    usual = config_type.restore({})  # what config.py sets
    for name, reason in without_use(config).items():
        if getattr(config, name) != getattr(usual, name):
            raise UserError(reason)
    defaults: dict[str, Any] = {}
    for option in ("backbone", "base"):
        if getattr(config, option, None) is not None:
            defaults = getattr(config_type, f"WITH_{option.upper()}", {})
    if not defaults:
        return config
    # What config.py sets by itself, then what suits such a network, then what is typed.
    others = replace(usual, **defaults)
    return parse(config_type, default=others)


def without_use(config: Settings) -> dict[str, str]:
    """Return the settings that do nothing in a training, each with what to do about it.

    Args:
        config: Its NOT_WITH_BACKBONE or NOT_WITH_BASE, if it has one, names those that do nothing
            with --backbone or --base, its ONLY_WITH_BASE those that do nothing without --base.
    """
    found = {}
    for option in ("backbone", "base"):
        is_given = getattr(config, option, None) is not None
        given = flag(option)
        for name in sorted(getattr(config, f"NOT_WITH_{option.upper()}", ())):
            if is_given:
                found[name] = (
                    f"{flag(name)} is for a network of your own, and {given} names one that is "
                    f"there: leave out {flag(name)} or {given}"
                )
        for name in sorted(getattr(config, f"ONLY_WITH_{option.upper()}", ())):
            if not is_given and not config.resume:  # a run that goes on has what it began with
                found[name] = (
                    f"{flag(name)} is for a network that {given} names: add {given}, or leave out "
                    f"{flag(name)}"
                )
    return found


@one_line_errors()
def run_command(command: Callable[..., None]) -> None:
    """Call a command with what is typed. Its arguments are its flags, its docstring is --help.

    It is for one process, unlike train.py: of several that torchrun starts, the first one does it.
    """
    leave_it_to_the_first_process()

    @wraps(command)  # so that tyro sees its arguments
    def begin(*words: Any, **flags: Any) -> None:
        spell_out_control_characters()
        command(*words, **flags)

    parse(begin)


def leave_it_to_the_first_process() -> None:
    """End this process where torchrun has started it beside a first one. That one works alone."""
    count = os.environ.get("WORLD_SIZE", "1")
    if count == "1" or not count.isdecimal():  # engine/processes.py refuses what is no number
        return
    if os.environ.get("RANK", "0") != "0":
        sys.exit(0)
    print(f"note: one of {count} processes does this alone: leave torchrun out", file=sys.stderr)
    for variable in ("WORLD_SIZE", "RANK", "LOCAL_RANK"):
        os.environ.pop(variable, None)


@one_line_errors()
def parse_config(config_type: type[SettingsType]) -> SettingsType:
    """Return the settings that train.py was started with. A resumed run keeps those it began with.

    Args:
        config_type: Config of config.py.
    """
    config = parse_settings(config_type)
    if config.resume:
        folder = find_run(config.run_dir)
    elif os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0":  # torchrun has started it again
        from engine.restarts import recall_run  # loads PyTorch, which takes a second

        own = recall_run(config.run_dir)
        if own is None:  # it was stopped before it had begun one
            return config
        folder = own
    else:
        return config

    print(f"going on with {folder}")
    saved = read_config(folder) | {"run_dir": str(folder), "resume": True}
    begun = config_type.restore(saved)
    resumed = parse(config_type, default=begun)
    for name, was in asdict(begun).items():
        if name in config_type.FREE:
            continue
        if getattr(resumed, name) != was:
            what = f"{flag(name)} was {was} in {folder}"
            raise UserError(f"{what}: leave it out, or begin a new run")
        if getattr(config, name) != was:  # config.py was changed since
            print(f"{folder} goes on with {flag(name)} {was}, as it began")
    data = getattr(resumed, "data", None)
    if data is not None and not Path(data).exists():
        print(f"note: {data} is not there; if it has moved, --data says where it is now")
    return resumed
