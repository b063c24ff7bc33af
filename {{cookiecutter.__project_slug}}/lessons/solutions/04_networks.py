"""A solution of each exercise: shown after a right answer as another way."""

import torch


def linear(inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return inputs @ weight.T + bias


def convolution_size(size: int, kernel: int, padding: int, stride: int) -> int:
    return (size + 2 * padding - kernel) // stride + 1


def read(inputs: torch.Tensor, weight: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
    state, states = torch.zeros(len(memory)), []
    for one in inputs:
        state = torch.tanh(weight @ one + memory @ state)
        states.append(state)
    return torch.stack(states)


def cross_entropy(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return -logits.log_softmax(dim=1)[torch.arange(len(labels)), labels]


def count_weights(model: torch.nn.Module) -> int:
    return sum(part.numel() for part in model.parameters())
