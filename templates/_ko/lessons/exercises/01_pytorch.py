"""연습문제 1: PyTorch란. `raise NotImplementedError` 자리에 답을 쓰세요."""

from typing import Any

import torch


def installed_version() -> str:
    """설치된 PyTorch의 버전을 '2.13.0' 같은 문자열로 돌려주세요."""
    raise NotImplementedError


def batch_shapes(batch: list[torch.Tensor]) -> list[torch.Size]:
    """배치에 든 모든 텐서의 모양(shape)을 돌려주세요.

    >>> batch_shapes([torch.zeros(8, 3), torch.zeros(8)])
    [torch.Size([8, 3]), torch.Size([8])]
    """
    raise NotImplementedError


def count_classes(splits: dict[str, Any]) -> int:
    """클래스가 몇 개인지 돌려주세요. `splits`는 data.py의 `load_splits`가 돌려주는 것입니다.

    >>> count_classes({"train": [], "classes": ["cat", "dog"]})
    2
    """
    raise NotImplementedError


def training_share(splits: dict[str, Any]) -> float:
    """전체 예제 가운데 `train`의 비율을 돌려주세요. 나머지는 `val`과 `test`에 있습니다.

    >>> training_share({"train": [1, 2, 3], "val": [4], "test": [5]})
    0.6
    """
    raise NotImplementedError
