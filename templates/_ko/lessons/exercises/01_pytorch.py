"""연습문제 1: PyTorch란. `raise NotImplementedError` 자리에 답을 쓰세요."""

import torch

from engine.dataset import Data


def installed_version() -> str:
    """설치된 PyTorch의 버전을 '2.13.0' 같은 문자열로 돌려주세요."""
    raise NotImplementedError


def batch_shapes(tensors: list[torch.Tensor]) -> list[torch.Size]:
    """리스트에 든 모든 텐서의 모양(shape)을 돌려주세요. 여기서는 배치의 입력과 라벨입니다.

    >>> batch_shapes([torch.zeros(8, 3), torch.zeros(8)])
    [torch.Size([8, 3]), torch.Size([8])]
    """
    raise NotImplementedError


def count_classes(data: Data) -> int:
    """클래스가 몇 개인지 돌려주세요. `data`는 data.py의 `load_data`가 돌려주는 것입니다.

    >>> from engine.dataset import Info
    >>> count_classes(Data(train=[], val=[], test=[], info=Info(classes=["cat", "dog"])))
    2
    """
    raise NotImplementedError


def training_share(data: Data) -> float:
    """전체 예제 가운데 `data.train`의 비율을 돌려주세요. 나머지는 `val`과 `test`에 있습니다.

    >>> from engine.dataset import Info
    >>> training_share(Data(train=[1, 2, 3], val=[4], test=[5], info=Info()))
    0.6
    """
    raise NotImplementedError
