"""연습문제 4: 신경망. 레이어가 하는 일을 직접 해 봅니다."""

import torch


def linear(inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """`nn.Linear`의 계산: `inputs` (N, I), `weight` (O, I), `bias` (O,)로 (N, O)를 구하세요.

    >>> linear(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([0.5]))
    tensor([[11.5000]])
    """
    raise NotImplementedError


def convolution_size(size: int, kernel: int, padding: int, stride: int) -> int:
    """합성곱을 거친 그림의 너비를 돌려주세요.

    >>> convolution_size(8, kernel=3, padding=0, stride=1)
    6
    """
    raise NotImplementedError


def read(inputs: torch.Tensor, weight: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
    """`inputs` (T, F)를 읽는 순환 신경망의 모든 상태 (T, S)를 돌려주세요.

    상태는 0 (S,)에서 시작해 한 걸음마다 `tanh(weight @ input + memory @ state)`가 됩니다.
    `weight`는 (S, F), `memory`는 (S, S)입니다.
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
