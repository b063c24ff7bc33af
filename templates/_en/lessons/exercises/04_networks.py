"""Exercises 4: neural networks. What the layers do, by hand; then a module of your own."""

import torch
from torch import nn


def linear(inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Return what `nn.Linear` does: `inputs` (N, I), `weight` (O, I), `bias` (O,) give (N, O).

    >>> linear(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([0.5]))
    tensor([[11.5000]])
    """
    raise NotImplementedError


def convolution_size(size: int, kernel: int, padding: int, stride: int) -> int:
    """Return how wide a picture is after a convolution.

    The picture is `size` pixels wide, the filter `kernel`. `padding` is added on both sides.

    >>> convolution_size(8, kernel=3, padding=0, stride=1)
    6
    >>> convolution_size(8, kernel=3, padding=1, stride=2)
    4
    """
    raise NotImplementedError


def read(inputs: torch.Tensor, weight: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
    """Return all states of a recurrent network that reads `inputs` (T, F): (T, S).

    Its state begins as zeros (S,). Each step makes it `tanh(weight @ input + memory @ state)`;
    `weight` is (S, F), `memory` (S, S). The zeros are not among the states to return.
    """
    raise NotImplementedError


def cross_entropy(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the loss of each example (N,): minus the log of the probability of its class.

    Softmax makes probabilities of the `logits` (N, C).
    """
    raise NotImplementedError


def count_weights(model: torch.nn.Module) -> int:
    """Return how many numbers a network learns.

    >>> count_weights(torch.nn.Linear(3, 2))
    8
    """
    raise NotImplementedError


def dropout(inputs: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """Return what `nn.Dropout(p)` makes of inputs of any shape; `p` is at least 0, and below 1.

    In training each number becomes 0 with probability `p`, whatever becomes of the others, and
    is divided by `1 - p` if it does not. Else the inputs come out as they are.
    """
    raise NotImplementedError


class TwoLayers(nn.Module):
    """A network of two linear layers with a ReLU in between. It learns nothing else.

    >>> model = TwoLayers(features=4, hidden=8, classes=3)
    >>> model(torch.zeros(5, 4)).shape
    torch.Size([5, 3])
    """

    def __init__(self, features: int, hidden: int, classes: int) -> None:
        """Make the layers: from `features` numbers to `hidden`, and from these to `classes`."""
        raise NotImplementedError

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the logits (N, classes) of `inputs` (N, features)."""
        raise NotImplementedError
