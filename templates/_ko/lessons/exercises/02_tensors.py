"""연습문제 2: 텐서. 반복문은 필요 없습니다. 모양만 잘 맞추면 두 줄로 됩니다."""

import numpy as np
import torch


def all_sums(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """`a` (N,)의 모든 수와 `b` (M,)의 모든 수를 더한 표 (N, M)를 돌려주세요.

    >>> all_sums(torch.tensor([0, 10]), torch.tensor([1, 2, 3]))
    tensor([[ 1,  2,  3],
            [11, 12, 13]])
    """
    raise NotImplementedError


def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """라벨마다 정수 한 행을 돌려주세요. 그 클래스 자리만 1, 나머지는 0입니다 (N, classes).

    >>> one_hot(torch.tensor([2, 0]), 3)
    tensor([[0, 0, 1],
            [1, 0, 0]])
    """
    raise NotImplementedError


def pick(table: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """`table` (N, C)의 행마다 수 하나씩, 곧 `columns[row]` 열에 있는 수를 돌려주세요. (N,)

    >>> pick(torch.tensor([[1, 2, 3], [4, 5, 6]]), torch.tensor([2, 0]))
    tensor([3, 4])
    """
    raise NotImplementedError


def standardize(table: torch.Tensor) -> torch.Tensor:
    """표 (N, F)의 열마다 `mean`이 0, `std`가 1이 되게 옮기고 늘려서 돌려주세요.

    `std`는 따로 정하지 않았을 때 PyTorch가 계산하는 대로, N - 1로 나눈 것입니다.

    >>> standardize(torch.tensor([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]))
    tensor([[-1., -1.],
            [ 0.,  0.],
            [ 1.,  1.]])
    """
    raise NotImplementedError


def numpy_product(array: np.ndarray, weight: torch.Tensor) -> np.ndarray:
    """`array` (N, F)와 `weight` (F, C)의 행렬곱 (N, C)를 NumPy 배열로 돌려주세요.

    `array`의 숫자는 float64, `weight`의 숫자는 float32이고, 곱의 숫자도 float32입니다.

    >>> numpy_product(np.array([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]]))
    array([[11.]], dtype=float32)
    """
    raise NotImplementedError


def shrink(picture: torch.Tensor) -> torch.Tensor:
    """그림 (H, W)를 반으로 줄여 (H // 2, W // 2)로 돌려주세요. 가로세로 2칸씩 묶어 평균을 냅니다.

    H와 W는 짝수이고, 서로 다를 수 있습니다.

    >>> shrink(torch.tensor([[1.0, 3.0, 0.0, 0.0], [5.0, 7.0, 0.0, 4.0]]))
    tensor([[4., 1.]])
    """
    raise NotImplementedError
