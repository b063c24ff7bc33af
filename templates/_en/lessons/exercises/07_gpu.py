"""Exercises 7: GPU. They need none: the device `meta` has shapes without numbers."""

import torch


def move(tensors: list[torch.Tensor], device: torch.device) -> list[torch.Tensor]:
    """Return all tensors of a list on that device."""
    raise NotImplementedError


def device_of(model: torch.nn.Module) -> torch.device:
    """Return the device that the weights of a network are on.

    >>> device_of(torch.nn.Linear(3, 2))
    device(type='cpu')
    """
    raise NotImplementedError


def megabytes(model: torch.nn.Module) -> float:
    """Return how many million bytes the weights of a network take.

    >>> megabytes(torch.nn.Linear(1000, 1000, bias=False))
    4.0
    """
    raise NotImplementedError


def product_in_bfloat16(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return `a @ b`, calculated by autocast on the CPU in torch.bfloat16."""
    raise NotImplementedError
