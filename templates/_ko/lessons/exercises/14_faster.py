"""연습문제 14: 더 빠르게."""

from collections.abc import Callable

import torch
from torch import nn


def median_seconds(function: Callable[[], object], warmup: int, repeats: int) -> float:
    """함수를 한 번 호출하는 데 걸리는 시간의 중앙값을 초 단위로 돌려주세요.

    먼저 시간을 재지 않고 `warmup`번 호출한 다음, `repeats`번 호출하면서 호출마다 시간을 재세요.
    시간이 넷이면 중앙값은 가운데 둘의 평균입니다.
    """
    raise NotImplementedError


def accumulate_gradients(
    model: nn.Module, inputs: torch.Tensor, targets: torch.Tensor, size: int
) -> None:
    """큰 배치의 그래디언트를 작은 배치의 메모리로 구해, 각 `weight.grad`에 남기세요.

    손실은 모든 예제에 대한 평균인 `nn.functional.mse_loss(model(inputs), targets)`입니다. 모델에는
    한 번에 예제를 `size`개까지만 넣을 수 있습니다. 마지막 조각은 다른 조각보다 작을 수 있습니다.
    전에 있던 그래디언트는 섞이지 않아야 합니다.
    """
    raise NotImplementedError


def training_bytes(model: nn.Module) -> int:
    """Adam으로 학습할 때 모델의 파라미터 때문에 필요한 메모리를 바이트로 돌려주세요.

    파라미터, 그리고 학습되는(`requires_grad`) 파라미터마다 그래디언트 하나와 모멘트 둘입니다. 셋 다
    파라미터와 크기도 dtype도 같습니다. 버퍼와 활성값은 세지 않습니다.

    >>> training_bytes(nn.Linear(10, 1))
    176
    """
    raise NotImplementedError


def moving_average(series: torch.Tensor, width: int) -> torch.Tensor:
    """연달아 있는 숫자 `width`개마다 평균을 내어 (N - width + 1,)로 돌려주세요.

    `series`는 (N,) float32이고, `width`는 1부터 N까지입니다. 반복문은 쓰지 않습니다. 길이가 얼마든
    PyTorch 연산 몇 번이면 되고, 텐서에서 숫자를 꺼내지도 않습니다.

    >>> moving_average(torch.tensor([1.0, 3.0, 5.0, 10.0]), 2)
    tensor([2.0000, 4.0000, 7.5000])
    """
    raise NotImplementedError


def slowest_layer(model: nn.Module, inputs: torch.Tensor) -> str:
    """`model(inputs)`를 한 번 호출할 때 시간이 가장 많이 드는 레이어의 이름을 돌려주세요.

    레이어는 안에 다른 모듈이 없는 모듈입니다. 여러 번 호출되는 레이어의 시간은 모두 더합니다.
    훅(hook)으로 찾으세요. `layer.register_forward_pre_hook(hook)`은 레이어가 일하기 전에
    `hook(layer, inputs)`를, `layer.register_forward_hook(hook)`은 일한 다음에 `hook(layer, inputs,
    output)`을 호출합니다. 둘 다 핸들을 돌려주며, 핸들의 `remove()`가 훅을 지웁니다. 모델에 훅을
    남기지 말고, 가중치의 그래디언트도 그대로 두세요.
    """
    raise NotImplementedError
