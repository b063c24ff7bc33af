"""연습문제 6: 데이터."""

import torch
from torch.utils.data import Dataset


def pad(rows: list[list[int]]) -> torch.Tensor:
    """행들을 표 하나로 만들어 돌려주세요. 짧은 행은 뒤를 0으로 채워 가장 긴 행에 맞춥니다.

    >>> pad([[1, 2, 3], [4]])
    tensor([[1, 2, 3],
            [4, 0, 0]])
    """
    raise NotImplementedError


def brighter(pixels: torch.Tensor, by: int) -> torch.Tensor:
    """픽셀(uint8)을 밝게 해서 돌려주세요. 255를 넘으면 255입니다.

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
