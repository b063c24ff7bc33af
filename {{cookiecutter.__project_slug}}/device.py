"""What this machine has: hardware, number formats, signals. The doctor:  python device.py"""

import platform
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch

from settings import UserError, find_run, one_line_errors


def pick_device(name: str) -> torch.device:
    """Return the named device, or for "auto" the best one that this machine has."""
    best = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
    try:
        device = best if name == "auto" else torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:  # not built in, not there, or no such number
        reason = str(error).splitlines()[0]
        raise UserError(f"--device {name} is not to be had, {best} is: {reason}") from error
    return device


def autocast(device: torch.device, precision: str) -> AbstractContextManager[Any]:
    """Return the context in which a model computes in fp32, bf16 or fp16; auto chooses.

    https://docs.pytorch.org/docs/stable/amp.html
    """
    if precision == "auto" and device.type == "cuda" and torch.cuda.is_bf16_supported(False):
        precision = "bf16"
    formats = {"bf16": torch.bfloat16, "fp16": torch.float16}
    return (
        torch.autocast(device.type, formats[precision]) if precision in formats else nullcontext()
    )


@contextmanager
def caught_signals() -> Iterator[list[int]]:
    """Collect Ctrl-C and SIGTERM instead of dying of them; a second one kills as usual."""
    caught: list[int] = []

    def catch(number: int, _: object) -> None:
        caught.append(number)
        signal.signal(number, usual[number])

    usual = {number: signal.signal(number, catch) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def ignore_ctrl_c(_: int) -> None:
    """Let a loader's worker live on while the training saves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main() -> None:
    """Print what there is, what a training would use, and whether its files can be read."""
    from checkpoint import load_checkpoint  # they use this file, so not at its top
    from config import Config
    from data import load_splits

    config, device = Config(), pick_device("auto")
    print(f"Python {platform.python_version()}, PyTorch {torch.__version__}, {platform.platform()}")
    print(f"cpu: {torch.get_num_threads()} threads")
    for number in range(torch.accelerator.device_count()):
        print(f"{device.type}:{number}: {torch.get_device_module(device).get_device_name(number)}")
    used = getattr(autocast(device, "auto"), "fast_dtype", torch.float32)
    reason = "the fastest here" if device.type != "cpu" else "PyTorch finds no GPU that it can use"
    print(f"a training will use {device} ({reason}) and {used}")
    splits = load_splits(config)
    print("data:", ", ".join(f"{len(splits[name])} {name}" for name in ("train", "val", "test")))
    path = find_run(None) / "last.pt"
    print(f"newest checkpoint: {path}, whole, after {load_checkpoint(path)['epoch']} epochs")


if __name__ == "__main__":
    with one_line_errors():
        main()
