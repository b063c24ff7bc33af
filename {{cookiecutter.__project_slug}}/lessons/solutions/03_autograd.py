"""A solution of each exercise: shown after a right answer as another way."""

from collections.abc import Callable

import torch


def slope(function: Callable[[torch.Tensor], torch.Tensor], at: float) -> float:
    x = torch.tensor(at, requires_grad=True)
    function(x).backward()
    return x.grad.item()


def fresh_gradients(weight: torch.Tensor, losses: list[Callable]) -> list[torch.Tensor]:
    found = []
    for loss in losses:
        weight.grad = None
        loss(weight).backward()
        found.append(weight.grad)
    return found


def error_gradient(
    weight: torch.Tensor, inputs: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    weight = weight.clone().requires_grad_()
    ((inputs @ weight - targets) ** 2).mean().backward()
    return weight.grad


def logits_only(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> torch.Tensor:
    with torch.no_grad():
        return model(*inputs)


def double_until(x: torch.Tensor, limit: float) -> torch.Tensor:
    while x < limit:
        x = x * 2  # a new tensor: `x *= 2` would change the one that was given
    return x


def teacher_loss(student: Callable, teacher: Callable, inputs: torch.Tensor) -> torch.Tensor:
    target = teacher(inputs).detach()
    return ((student(inputs) - target) ** 2).mean()


def walk_back(tape: list[tuple[str, str, float]]) -> dict[str, float]:
    last, _, _ = tape[-1]
    gradients = {last: 1.0}
    for result, parent, slope in reversed(tape):
        arrived = gradients.setdefault(result, 0.0)  # all of it: later results came before
        gradients[parent] = gradients.get(parent, 0.0) + slope * arrived
    return gradients
