"""Cases for exercises 3: (arguments, what should come out, what of it is compared)."""

import torch

from lessons.cases import Case
from lessons.sample import batch, inputs_of, network


def slope():
    yield Case((torch.square, 3.0), 6.0)
    yield Case((torch.sin, 0.0), 1.0)
    yield Case((torch.exp, 1.0), 2.718282)


def fresh_gradients():
    weight = torch.tensor(3.0, requires_grad=True)
    yield Case((weight, [torch.square, torch.relu]), [torch.tensor(6.0), torch.tensor(1.0)])
    weight = torch.tensor(-1.0, requires_grad=True)
    expected = [torch.tensor(-2.0), torch.tensor(0.0), torch.tensor(-2.0)]
    yield Case((weight, [torch.square, torch.relu, torch.square]), expected)


def error_gradient():
    yield Case((torch.ones(1), torch.tensor([[2.0]]), torch.zeros(1)), torch.tensor([8.0]))
    inputs, targets = torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.tensor([3.0, -1.0])
    weight = torch.tensor([1.0, 1.0])
    errors = inputs @ weight - targets
    yield Case((weight, inputs, targets), 2 * inputs.T @ errors / len(errors))  # by hand


def logits_only():
    def requires_grad(logits):
        return logits.requires_grad

    model = network()
    inputs = inputs_of(batch())
    yield Case((model, inputs), model(*inputs).detach())
    yield Case((model, inputs), False, view=requires_grad)
