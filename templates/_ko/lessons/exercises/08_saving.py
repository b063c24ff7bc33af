"""연습문제 8: 저장하고 불러오기."""

from pathlib import Path
from typing import Any

import torch


def weight_shapes(model: torch.nn.Module) -> dict[str, torch.Size]:
    """신경망이 저장하는 모든 것의 모양을 이름별로 돌려주세요.

    >>> weight_shapes(torch.nn.Linear(3, 2))
    {'weight': torch.Size([2, 3]), 'bias': torch.Size([2])}
    """
    raise NotImplementedError


def copy_weights(source: torch.nn.Module, target: torch.nn.Module) -> torch.nn.Module:
    """같은 종류의 신경망 `source`의 가중치를 `target`에 넣고, `target`을 돌려주세요."""
    raise NotImplementedError


def round_trip(state: dict[str, Any], path: Path) -> dict[str, Any]:
    """state를 파일에 저장한 뒤, 그 파일을 안전하게 읽은 내용을 돌려주세요."""
    raise NotImplementedError


def without_prefix(state: dict[str, Any], prefix: str) -> dict[str, Any]:
    """state의 이름에서 그 앞부분을 떼고 돌려주세요. DDP처럼 감싸는 것들이 붙입니다.

    >>> without_prefix({"module.weight": 1, "module.bias": 2}, "module.")
    {'weight': 1, 'bias': 2}
    """
    raise NotImplementedError
