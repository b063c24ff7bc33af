"""Exercises 3: autograd. `Callable`, in the types, says that something is a function."""

from collections.abc import Callable

import torch


def slope(function: Callable[[torch.Tensor], torch.Tensor], at: float) -> float:
    """Return the slope of a function of one number at that place.

    >>> slope(torch.square, 3.0)
    6.0
    """
    raise NotImplementedError


def fresh_gradients(weight: torch.Tensor, losses: list[Callable]) -> list[torch.Tensor]:
    """Return the gradient of each loss alone; `weight` requires a gradient.

    Each of `losses` is a function: `loss(weight)` is a tensor of one number. `weight.grad` is
    None at first. `torch.relu`, in the example, makes 0 of negative numbers and keeps the others.

    >>> fresh_gradients(torch.tensor(3.0, requires_grad=True), [torch.square, torch.relu])
    [tensor(6.), tensor(1.)]
    """
    raise NotImplementedError


def error_gradient(
    weight: torch.Tensor, inputs: torch.Tensor, targets: torch.Tensor
) -> torch.Tensor:
    """Return the gradient of the mean of `(inputs @ weight - targets) ** 2` at `weight` (F,).

    The weight that you get does not require a gradient, and stays as it is: make a leaf of your
    own. `inputs` are (N, F), `targets` (N,).

    >>> inputs, targets = torch.tensor([[2.0], [1.0]]), torch.tensor([0.0, 0.0])
    >>> error_gradient(torch.tensor([1.0]), inputs, targets)
    tensor([5.])
    """
    raise NotImplementedError


def logits_only(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Return `model(*inputs)`, without remembering how it was calculated.

    The model stays as it is: also the mode that it is in, training or evaluation (lesson 4).
    """
    raise NotImplementedError


def double_until(x: torch.Tensor, limit: float) -> torch.Tensor:
    """Double `x` until it is at least `limit`; from the result autograd can go back to `x`.

    `x` holds one number above 0, which may be large enough already. It stays as it is.

    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> doubled = double_until(x, 20.0)
    >>> doubled.backward()
    >>> doubled.item(), x.grad.item()
    (24.0, 8.0)
    """
    raise NotImplementedError


def teacher_loss(student: Callable, teacher: Callable, inputs: torch.Tensor) -> torch.Tensor:
    """Return the mean of `(student(inputs) - teacher(inputs)) ** 2`, to train the student alone.

    Both are networks or functions. What the teacher answers counts as a constant: `backward`
    gives no gradient to what it was calculated from.

    >>> w, v = torch.tensor(3.0, requires_grad=True), torch.tensor(5.0, requires_grad=True)
    >>> teacher_loss(lambda x: w * x, lambda x: v * x, torch.tensor([1.0])).backward()
    >>> w.grad, v.grad
    (tensor(-4.), None)
    """
    raise NotImplementedError


def walk_back(tape: list[tuple[str, str, float]]) -> dict[str, float]:
    """Return the gradient of the last result at every name on the tape, as autograd does.

    The tape has an entry (result, parent, slope) for each parent of each result, in the order
    in which the results were calculated: when the parent grows, the result grows `slope` times
    as fast. At the last result itself the gradient is 1, and where no way leads to it, 0.

    >>> tape = [("y", "w", 2.0), ("loss", "y", 3.0), ("loss", "w", 5.0)]
    >>> walk_back(tape) == {"loss": 1.0, "y": 3.0, "w": 11.0}
    True
    """
    raise NotImplementedError
