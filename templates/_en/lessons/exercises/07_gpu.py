"""Exercises 7: GPU. They need none: the device `meta` has shapes without numbers."""

from typing import Any

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
    """Return how many million bytes the weights of a network take: all its parameters.

    >>> megabytes(torch.nn.Linear(1000, 1000, bias=False))
    4.0
    """
    raise NotImplementedError


def product_in_bfloat16(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return `a @ b`, calculated by autocast on the CPU in torch.bfloat16."""
    raise NotImplementedError


def move_batch(batch: Any, device: torch.device) -> Any:
    """Return a batch with all its tensors on that device.

    A batch is a tensor, or a tuple, a list or a dict of batches; what is returned is built the
    same way. Anything else in it, as a text or a number, stays as it is. The batch that was given
    stays where it was.
    """
    raise NotImplementedError


def add_positions(inputs: torch.Tensor) -> torch.Tensor:
    """Return inputs (N, T) plus 0, 1, 2, ... along each row, wherever the inputs are.

    >>> add_positions(torch.tensor([[10, 10, 10], [0, 0, 0]]))
    tensor([[10, 11, 12],
            [ 0,  1,  2]])
    """
    raise NotImplementedError
