"""연습문제 3: autograd."""

from collections.abc import Callable

import torch


def slope(function: Callable[[torch.Tensor], torch.Tensor], at: float) -> float:
    """수 하나를 받는 함수의, 그 자리에서의 기울기를 돌려주세요.

    >>> slope(torch.square, 3.0)
    6.0
    """
    raise NotImplementedError


def fresh_gradients(weight: torch.Tensor, losses: list[Callable]) -> list[torch.Tensor]:
    """손실마다 따로 구한 그래디언트를 돌려주세요. `weight`는 requires_grad가 켜져 있습니다.

    >>> fresh_gradients(torch.tensor(3.0, requires_grad=True), [torch.square, torch.relu])
    [tensor(6.), tensor(1.)]
    """
    raise NotImplementedError


def error_gradient(
    weight: torch.Tensor, inputs: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    """`(inputs @ weight - targets) ** 2`의 평균을 `weight` (F,)로 미분한 값을 돌려주세요.

    이 가중치는 아직 requires_grad가 꺼져 있습니다. `inputs`는 (N, F), `targets`는 (N,)입니다.

    >>> error_gradient(torch.tensor([1.0]), torch.tensor([[2.0]]), torch.tensor([0.0]))
    tensor([8.])
    """
    raise NotImplementedError


def logits_only(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """계산 과정을 기억하지 않고 구한 `model(*inputs)`를 돌려주세요."""
    raise NotImplementedError
