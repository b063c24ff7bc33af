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
    """이름 앞의 prefix를 떼어 낸 state를 돌려주세요. prefix가 없는 이름은 그대로 둡니다.

    신경망을 감싸는 것이 이런 prefix를 붙입니다. 레슨 10에 하나 나옵니다.

    >>> without_prefix({"module.weight": 1, "module.bias": 2}, "module.")
    {'weight': 1, 'bias': 2}
    """
    raise NotImplementedError


def snapshot(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """신경망이 저장하는 모든 것을 지금 그대로 돌려주세요. 계속 학습시켜도 바뀌면 안 됩니다."""
    raise NotImplementedError


def resume(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """체크포인트에서 학습을 이어 갈 수 있게 하고, 다음 에폭의 번호를 돌려주세요.

    파일에는 dict가 있습니다. "model"과 "optimizer"는 각각의 상태이고, "epoch"는 마지막으로 끝난
    에폭의 번호입니다. 첫 에폭은 1번이었습니다. 둘에 각자의 상태를 넣으세요.
    """
    raise NotImplementedError
