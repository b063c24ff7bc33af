"""연습문제 3: autograd. 타입에 나오는 `Callable`은 함수라는 뜻입니다."""

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

    `losses`는 함수의 리스트이고, `loss(weight)`는 숫자 하나인 텐서입니다. `weight.grad`는
    처음에 None입니다. 예에 나오는 `torch.relu`는 음수를 0으로 바꾸고 나머지는 그대로 둡니다.

    >>> fresh_gradients(torch.tensor(3.0, requires_grad=True), [torch.square, torch.relu])
    [tensor(6.), tensor(1.)]
    """
    raise NotImplementedError


def error_gradient(
    weight: torch.Tensor, inputs: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    """`(inputs @ weight - targets) ** 2`의 평균을 `weight` (F,)로 미분한 값을 돌려주세요.

    받은 가중치는 requires_grad가 꺼져 있고, 그대로 두어야 합니다. 자신의 leaf를 만드세요.
    `inputs`는 (N, F), `targets`는 (N,)입니다.

    >>> inputs, targets = torch.tensor([[2.0], [1.0]]), torch.tensor([0.0, 0.0])
    >>> error_gradient(torch.tensor([1.0]), inputs, targets)
    tensor([5.])
    """
    raise NotImplementedError


def logits_only(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """계산 과정을 기억하지 않고 구한 `model(*inputs)`를 돌려주세요.

    모델은 그대로 두세요. 학습 모드와 평가 모드 가운데 지금의 모드도 바꾸지 마세요(레슨 4).
    """
    raise NotImplementedError


def double_until(x: torch.Tensor, limit: float) -> torch.Tensor:
    """`x`를 `limit` 이상이 될 때까지 두 배로 늘려, autograd가 `x`로 되돌아갈 수 있게 돌려주세요.

    `x`는 0보다 큰 숫자 하나이고, 처음부터 충분히 클 수도 있습니다. `x` 자체는 바꾸지 않습니다.

    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> doubled = double_until(x, 20.0)
    >>> doubled.backward()
    >>> doubled.item(), x.grad.item()
    (24.0, 8.0)
    """
    raise NotImplementedError


def teacher_loss(student: Callable, teacher: Callable, inputs: torch.Tensor) -> torch.Tensor:
    """`(student(inputs) - teacher(inputs)) ** 2`의 평균을, student만 학습되도록 돌려주세요.

    둘 다 신경망이나 함수입니다. teacher의 답은 상수로 봅니다. `backward`는 그 답을 계산하는
    데 쓴 것에 그래디언트를 주지 않습니다.

    >>> w, v = torch.tensor(3.0, requires_grad=True), torch.tensor(5.0, requires_grad=True)
    >>> teacher_loss(lambda x: w * x, lambda x: v * x, torch.tensor([1.0])).backward()
    >>> w.grad, v.grad
    (tensor(-4.), None)
    """
    raise NotImplementedError


def walk_back(tape: list[tuple[str, str, float]]) -> dict[str, float]:
    """테이프에 나오는 이름마다 마지막 결과의 그래디언트를, autograd처럼 구해 돌려주세요.

    테이프에는 (result, parent, slope)가 결과의 부모마다 하나씩, 결과를 계산한 순서대로 있습니다.
    부모가 커지면 결과는 그 `slope`배만큼 커집니다. 마지막 결과 자신의 그래디언트는 1이고,
    마지막 결과로 가는 길이 없는 이름의 그래디언트는 0입니다.

    >>> tape = [("y", "w", 2.0), ("loss", "y", 3.0), ("loss", "w", 5.0)]
    >>> walk_back(tape) == {"loss": 1.0, "y": 3.0, "w": 11.0}
    True
    """
    raise NotImplementedError
