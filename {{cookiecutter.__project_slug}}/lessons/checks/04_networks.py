"""Cases for exercises 4: (arguments, what should come out)."""

import torch
import torch.nn.functional as F
from torch import nn

from lessons.cases import Case
from lessons.sample import batch, inputs_of, network, project_data


def linear():
    inputs, weight = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])
    yield Case((inputs, weight, torch.tensor([0.5])), torch.tensor([[11.5]]))
    for layer in (nn.Linear(3, 3), nn.Linear(4, 2)):
        inputs = torch.randn(2, layer.in_features)
        yield Case((inputs, layer.weight.detach(), layer.bias.detach()), layer(inputs).detach())


def convolution_size():
    for size, kernel, padding, stride in ((8, 3, 0, 1), (8, 3, 1, 1), (8, 3, 1, 2), (9, 4, 2, 3)):
        layer = nn.Conv1d(1, 1, kernel, padding=padding, stride=stride)
        yield Case((size, kernel, padding, stride), layer(torch.zeros(1, size)).shape[1])


def read():
    network = nn.RNN(input_size=2, hidden_size=3, bias=False)
    inputs = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
    weight, memory = network.state_dict().values()
    yield Case((inputs, weight, memory), network(inputs)[0].detach())


def cross_entropy():
    logits, labels = torch.tensor([[0.0, 0.0], [2.0, 0.0]]), torch.tensor([1, 0])
    yield Case((logits, labels), F.cross_entropy(logits, labels, reduction="none"))
    if project_data().info.classes:  # the project may have been made to learn numbers
        examples = batch()
        _, labels = examples
        logits = network()(*inputs_of(examples)).detach()
        yield Case((logits, labels), F.cross_entropy(logits, labels, reduction="none"))


def count_weights():
    yield Case((nn.Linear(3, 2),), 8)
    model = network()
    yield Case((model,), len(torch.cat([part.flatten() for part in model.parameters()])))
