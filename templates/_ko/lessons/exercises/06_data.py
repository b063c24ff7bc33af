"""연습문제 6: 데이터. 배치와 transform, 직접 만드는 Dataset, 새지 않는 분할입니다."""

import math

import torch
from torch.utils.data import Dataset


def pad(rows: list[list[int]]) -> torch.Tensor:
    """행들을 표 하나로 만들어 돌려주세요. 짧은 행은 뒤를 0으로 채워 가장 긴 행에 맞춥니다.

    리스트 자체는 바꾸지 마세요.

    >>> pad([[1, 2, 3], [4]])
    tensor([[1, 2, 3],
            [4, 0, 0]])
    """
    raise NotImplementedError


def brighter(pixels: torch.Tensor, by: int) -> torch.Tensor:
    """픽셀(uint8)을 밝게 해서 돌려주세요. 255를 넘으면 255입니다.

    `pixels`의 모양은 자유이고, 그 자체는 바꾸지 마세요. `by`는 0부터 255까지입니다.

    >>> brighter(torch.tensor([0, 250], dtype=torch.uint8), 10)
    tensor([ 10, 255], dtype=torch.uint8)
    """
    raise NotImplementedError


def batches_per_epoch(dataset: Dataset, batch_size: int) -> int:
    """모든 예제를 한 번씩 보려면 배치가 몇 개인지 돌려주세요. 마지막은 작아도 됩니다."""
    raise NotImplementedError


def class_counts(dataset: Dataset, classes: int) -> torch.Tensor:
    """클래스마다 예제가 몇 개인지 정수로 돌려주세요 (classes,). 0개인 클래스도 셉니다.

    `dataset[index]`는 입력과 라벨을 돌려줍니다.
    """
    raise NotImplementedError


class Windows(Dataset):
    """긴 수열의 조각들과, 조각마다 바로 다음에 오는 수. 이 수가 예측할 대상입니다.

    예제 `index`는 한 쌍입니다. 수열의 `index` 자리부터 `length`개의 수 (length,)와, 그 바로 다음
    수입니다. 다음 수는 차원이 없는 텐서입니다. 앞에 다른 수가 `length`개 있는 수마다 예제가 하나씩
    있습니다.

    >>> windows = Windows(torch.tensor([1.0, 2.0, 4.0, 8.0, 16.0]), length=3)
    >>> len(windows)
    2
    >>> windows[1]
    (tensor([2., 4., 8.]), tensor(16.))
    """

    def __init__(self, series: torch.Tensor, length: int) -> None:
        """다른 메서드에 필요한 것을 간직하세요. `series`는 (T,)이고, T는 `length`보다 큽니다."""
        raise NotImplementedError

    def __len__(self) -> int:
        """예제가 몇 개인지 돌려주세요."""
        raise NotImplementedError

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        """`index`번 예제를 돌려주세요. 0번부터 있습니다."""
        raise NotImplementedError


def erase_square(picture: torch.Tensor, size: int) -> torch.Tensor:
    """그림 (C, H, W)를 복사해, 한 변이 `size` 픽셀인 정사각형을 0으로 지워 돌려주세요.

    데이터 증강의 하나로, 신경망이 한 곳에만 의존하지 않게 합니다. 정사각형의 자리는 매번 새로
    무작위로 정하고, 그림 안에 온전히 들어가야 합니다. 가장자리를 포함해 그런 자리는 모두 나올 수
    있어야 합니다. 모든 채널에서 0입니다. `size`는 H와 W보다 크지 않습니다.
    """
    raise NotImplementedError


def split_by_person(persons: list[str], val_persons: int, seed: int) -> tuple[list[int], list[int]]:
    """학습용 그림과 검증용 그림의 번호를 각각 오름차순으로 돌려주세요.

    `persons[number]`는 그림 `number`에 있는 사람입니다. 무작위로 뽑은 `val_persons`명의 그림은
    모두 검증에 쓰고, 나머지는 학습에 씁니다. 시드가 같으면 파이썬을 다시 시작해도 늘 같은 분할이
    나오고, 시드가 다르면 대개 다른 분할이 나옵니다.

    >>> train, val = split_by_person(["Ann", "Bo", "Ann", "Bo"], val_persons=1, seed=0)
    >>> sorted([train, val])
    [[0, 2], [1, 3]]
    """
    raise NotImplementedError
