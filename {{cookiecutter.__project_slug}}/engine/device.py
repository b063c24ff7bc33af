"""CPU or GPU, and the number formats to compute in."""

import os
from contextlib import AbstractContextManager, nullcontext

import torch

from engine.processes import LOCAL_RANK, WORLD_SIZE
from engine.settings import UserError


def pick_device(name: str, deterministic: bool = False) -> torch.device:
    """Return the device to compute on, after trying that it works.

    Args:
        name: "cpu", "cuda", "cuda:1", "mps", "xpu"; "auto" is the best one that this machine has.
        deterministic: Take only algorithms that give the same bits each time, see
            docs.pytorch.org/docs/stable/notes/randomness.html

    Raises:
        UserError: The device is not built into PyTorch, not here, or has no such number.
    """
    best = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
    if WORLD_SIZE > 1 and best.type == "mps":
        best = torch.device("cpu")  # Apple's GPU is one, and does not know other processes
    try:
        device = best if name == "auto" else torch.device(name)
        if WORLD_SIZE > 1 and device.type != "cpu":
            device = torch.device(device.type, LOCAL_RANK)
            torch.accelerator.set_device_index(LOCAL_RANK)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0][:120]
        raise UserError(f"--device {name} cannot be used here, {best} can: {reason}") from error
    if deterministic:
        os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    if torch.are_deterministic_algorithms_enabled() != deterministic:
        # To set it loads PyTorch's compiler: half a second of a command that only answers.
        torch.use_deterministic_algorithms(deterministic)
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")  # TF32 on NVIDIA's GPUs: much faster
    else:
        torch.set_float32_matmul_precision("highest")
    return device


def autocast(device: torch.device, precision: str) -> AbstractContextManager:
    """Return the context to compute in, see docs.pytorch.org/docs/stable/amp.html

    Args:
        device: Where the model is.
        precision: "fp32", "bf16", "fp16"; "auto" is bf16 on a GPU that is made for it, else fp32.
    """
    if precision == "auto" and device.type == "cuda" and torch.cuda.is_bf16_supported(False):
        precision = "bf16"
    if precision == "bf16":
        return torch.autocast(device.type, torch.bfloat16)
    if precision == "fp16":
        return torch.autocast(device.type, torch.float16)
    return nullcontext()
