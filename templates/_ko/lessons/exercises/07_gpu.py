"""연습문제 7: GPU. 없어도 됩니다. `meta` 장치에는 숫자 없이 모양만 있습니다."""

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
    """신경망의 가중치가 차지하는 메모리를 백만 바이트 단위로 돌려주세요.

    >>> megabytes(torch.nn.Linear(1000, 1000, bias=False))
    4.0
    """
    raise NotImplementedError


def product_in_bfloat16(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """CPU에서 autocast로 torch.bfloat16으로 계산한 `a @ b`를 돌려주세요."""
    raise NotImplementedError
