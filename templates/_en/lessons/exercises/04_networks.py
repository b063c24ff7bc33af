"""Exercises 4: neural networks. What the layers do, by hand."""

import torch


def linear(inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Return what `nn.Linear` does: `inputs` (N, I), `weight` (O, I), `bias` (O,) give (N, O).

    >>> linear(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([0.5]))
    tensor([[11.5000]])
    """
    raise NotImplementedError


def convolution_size(size: int, kernel: int, padding: int, stride: int) -> int:
    """Return how wide a picture is after a convolution.

    >>> convolution_size(8, kernel=3, padding=0, stride=1)
    6
    """
    raise NotImplementedError


def read(inputs: torch.Tensor, weight: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
    """Return all states of a recurrent network that reads `inputs` (T, F): (T, S).

    Its state begins as zeros (S,). Each step makes it `tanh(weight @ input + memory @ state)`;
    `weight` is (S, F), `memory` (S, S).
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
