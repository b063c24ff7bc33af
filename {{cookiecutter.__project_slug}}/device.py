"""What this machine has: hardware and number formats. The doctor:  python device.py"""

import os
import platform
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch

from commands.settings import UserError, run_command
from parallel.processes import LOCAL_RANK, WORLD_SIZE


def pick_device(name: str, deterministic: bool = False) -> torch.device:
    """Return the named device, or for "auto" the best one that this machine has."""
    best = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
    try:
        if WORLD_SIZE > 1 and best.type == "mps":
            best = torch.device("cpu")  # Apple's GPU is one, and does not know other processes
        device = best if name == "auto" else torch.device(name)
        if WORLD_SIZE > 1 and device.type != "cpu":
            device = torch.device(device.type, LOCAL_RANK)
            torch.accelerator.set_device_index(LOCAL_RANK)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:  # not built in, not there, or no such number
        reason = str(error).splitlines()[0][:120]
        raise UserError(f"--device {name} cannot be used here, {best} can: {reason}") from error
    if deterministic:  # docs.pytorch.org/docs/stable/notes/randomness.html
        os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    torch.use_deterministic_algorithms(deterministic)
    torch.set_float32_matmul_precision("high" if device.type == "cuda" else "highest")  # TF32
    return device


def autocast(device: torch.device, precision: str) -> AbstractContextManager:
    """Return the context to compute in, see docs.pytorch.org/docs/stable/amp.html."""
    if precision == "auto" and device.type == "cuda" and torch.cuda.is_bf16_supported(False):
        precision = "bf16"
    number_format = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision)
    return torch.autocast(device.type, number_format) if number_format else nullcontext()


def main() -> None:
    """Print what there is, what a training would use, and whether its files can be read."""
    from checkpoint import load_checkpoint  # they use this file, so not at its top
    from config import Config
    from data import load_splits

    splits, device = load_splits(Config()), pick_device("auto")
    print(f"Python {platform.python_version()}, PyTorch {torch.__version__}, {platform.platform()}")
    for number in range(torch.accelerator.device_count()):
        print(f"{device.type}:{number}: {torch.get_device_module(device).get_device_name(number)}")
    reason = "the fastest here" if device.type != "cpu" else "PyTorch finds no GPU that it can use"
    used = getattr(autocast(device, "auto"), "fast_dtype", torch.float32)
    print(f"a training will use {device} ({reason}) and {used}, {torch.get_num_threads()} threads")
    print("data:", ", ".join(f"{len(splits[name])} {name}" for name in ("train", "val", "test")))
    for path in sorted(Path("runs").glob("*/last.pt"), key=lambda path: path.stat().st_mtime)[-1:]:
        print(f"{path}: whole, {load_checkpoint(path)['epoch']} epochs")


if __name__ == "__main__":
    run_command(main)
