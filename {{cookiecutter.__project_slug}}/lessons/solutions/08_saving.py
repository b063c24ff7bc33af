"""A solution of each exercise: shown after a right answer as another way."""

from pathlib import Path
from typing import Any

import torch


def weight_shapes(model: torch.nn.Module) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in model.state_dict().items()}


def copy_weights(source: torch.nn.Module, target: torch.nn.Module) -> torch.nn.Module:
    target.load_state_dict(source.state_dict())
    return target


def round_trip(state: dict[str, Any], path: Path) -> dict[str, Any]:
    torch.save(state, path)
    return torch.load(path, weights_only=True)


def without_prefix(state: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in state.items()}
