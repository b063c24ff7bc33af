from typing import Any

import torch


def move(tensors: list[torch.Tensor], device: torch.device) -> list[torch.Tensor]:
    return [tensor.to(device) for tensor in tensors]


def device_of(model: torch.nn.Module) -> torch.device:
    return next(model.parameters()).device


def megabytes(model: torch.nn.Module) -> float:
    return sum(weights.numel() * weights.element_size() for weights in model.parameters()) / 1e6


def product_in_bfloat16(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        return a @ b


def move_batch(batch: Any, device: torch.device) -> Any:
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {name: move_batch(part, device) for name, part in batch.items()}
    if isinstance(batch, tuple | list):
        return type(batch)([move_batch(part, device) for part in batch])
    return batch


def add_positions(inputs: torch.Tensor) -> torch.Tensor:
    return inputs + torch.arange(inputs.shape[1], device=inputs.device)
