"""연습문제 4: 신경망. 레이어가 하는 일을 직접 해 보고, 모듈도 하나 만듭니다."""

import torch
from torch import nn


def linear(inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """`nn.Linear`의 계산: `inputs` (N, I), `weight` (O, I), `bias` (O,)로 (N, O)를 구하세요.

    >>> linear(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([0.5]))
    tensor([[11.5000]])
    """
    raise NotImplementedError


def convolution_size(size: int, kernel: int, padding: int, stride: int) -> int:
    """합성곱을 거친 그림의 너비를 돌려주세요.

    그림의 너비는 `size` 픽셀, 필터의 너비는 `kernel` 픽셀이고, `padding`은 양쪽에 붙습니다.

    >>> convolution_size(8, kernel=3, padding=0, stride=1)
    6
    >>> convolution_size(8, kernel=3, padding=1, stride=2)
    4
    """
    raise NotImplementedError


def read(inputs: torch.Tensor, weight: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
    """`inputs` (T, F)를 읽는 순환 신경망의 모든 상태 (T, S)를 돌려주세요.

    상태는 0 (S,)에서 시작해 한 스텝마다 `tanh(weight @ input + memory @ state)`가 됩니다.
    `weight`는 (S, F), `memory`는 (S, S)입니다. 처음의 0은 돌려줄 상태에 들어가지 않습니다.
    """
    raise NotImplementedError


def cross_entropy(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """예제마다 손실을 돌려주세요 (N,). 정답 클래스의 확률에 로그를 취하고 부호를 바꾼 값입니다.

    `logits` (N, C)는 softmax를 거쳐 확률이 됩니다.
    """
    raise NotImplementedError


def count_weights(model: torch.nn.Module) -> int:
    """신경망이 배우는 수가 모두 몇 개인지 돌려주세요.

    >>> count_weights(torch.nn.Linear(3, 2))
    8
    """
    raise NotImplementedError


def dropout(inputs: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """`nn.Dropout(p)`의 결과를 돌려주세요. 입력의 모양은 자유이고, `p`는 0 이상 1 미만입니다.

    학습할 때는 각 수가 다른 수와 상관없이 확률 `p`로 0이 되고, 0이 되지 않은 수는 `1 - p`로
    나눕니다. 학습이 아니면 입력이 그대로 나옵니다.
    """
    raise NotImplementedError


class TwoLayers(nn.Module):
    """선형 레이어 두 개와 그 사이의 ReLU로 된 신경망. 그 밖에 배우는 것은 없습니다.

    >>> model = TwoLayers(features=4, hidden=8, classes=3)
    >>> model(torch.zeros(5, 4)).shape
    torch.Size([5, 3])
    """

    def __init__(self, features: int, hidden: int, classes: int) -> None:
        """레이어를 만드세요. 하나는 `features`개에서 `hidden`개로, 다음은 `classes`개로 갑니다."""
        raise NotImplementedError

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """`inputs` (N, features)의 로짓 (N, classes)를 돌려주세요."""
        raise NotImplementedError
