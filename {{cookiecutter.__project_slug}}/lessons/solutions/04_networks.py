"""A solution of each exercise: shown after a right answer as another way."""

import torch
from torch import nn


def linear(inputs, weight, bias):
    return inputs @ weight.T + bias


def convolution_size(size, kernel, padding, stride):
    return (size + 2 * padding - kernel) // stride + 1


def read(inputs, weight, memory):
    state = torch.zeros(len(memory))
    states = []
    for step in inputs:
        state = torch.tanh(weight @ step + memory @ state)
        states.append(state)
    return torch.stack(states)


def cross_entropy(logits, labels):
    # log_softmax is exact where a probability is so small that softmax makes it 0.
    log_probabilities = logits.log_softmax(dim=1)
    return -log_probabilities[torch.arange(len(labels)), labels]


def count_weights(model):
    return sum(parameter.numel() for parameter in model.parameters())


def dropout(inputs, p, training):
    if not training:
        return inputs
    kept = torch.rand_like(inputs) >= p  # True with probability 1 - p
    return inputs * kept / (1 - p)


class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.hidden = nn.Linear(features, hidden)
        self.output = nn.Linear(hidden, classes)

    def forward(self, inputs):
        hidden = self.hidden(inputs).relu()
        return self.output(hidden)
