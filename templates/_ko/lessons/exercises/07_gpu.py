"""연습문제 7: GPU. GPU가 없어도 됩니다. `meta` 장치에는 숫자 없이 모양만 있습니다."""

from typing import Any

import torch


def move(tensors: list[torch.Tensor], device: torch.device) -> list[torch.Tensor]:
    """리스트의 모든 텐서를 그 장치로 옮겨서 돌려주세요."""
    raise NotImplementedError


def device_of(model: torch.nn.Module) -> torch.device:
    """신경망의 가중치가 있는 장치를 돌려주세요.

    >>> device_of(torch.nn.Linear(3, 2))
    device(type='cpu')
    """
    raise NotImplementedError


def megabytes(model: torch.nn.Module) -> float:
    """신경망의 가중치, 곧 모든 파라미터가 차지하는 메모리를 백만 바이트 단위로 돌려주세요.

    >>> megabytes(torch.nn.Linear(1000, 1000, bias=False))
    4.0
    """
    raise NotImplementedError


def product_in_bfloat16(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """CPU에서 autocast를 써서 torch.bfloat16으로 계산한 `a @ b`를 돌려주세요."""
    raise NotImplementedError


def move_batch(batch: Any, device: torch.device) -> Any:
    """배치의 모든 텐서를 그 장치로 옮겨서 돌려주세요.

    배치는 텐서이거나, 배치로 이루어진 튜플, 리스트, dict입니다. 돌려주는 것의 구조도 똑같아야
    합니다. 문자열이나 수처럼 다른 것은 그대로 둡니다. 받은 배치는 있던 곳에 그대로 있어야 합니다.
    """
    raise NotImplementedError


def add_positions(inputs: torch.Tensor) -> torch.Tensor:
    """inputs (N, T)의 행마다 0, 1, 2, ...를 더해서 돌려주세요. inputs는 어느 장치에든 있습니다.

    >>> add_positions(torch.tensor([[10, 10, 10], [0, 0, 0]]))
    tensor([[10, 11, 12],
            [ 0,  1,  2]])
    """
    raise NotImplementedError
