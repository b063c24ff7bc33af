"""Cases for exercises 5: (arguments, what should come out, what of it is compared)."""

import torch
from torch import nn

from config import Config
from lessons.sample import batch, network
from model import score_batch

WEIGHT = torch.tensor([1.0, -2.0])
GRADIENTS = [torch.tensor([2.0, 0.5]), torch.tensor([-1.0, 0.5]), torch.tensor([0.5, 0.0])]


def after(optimizer_type, gradients, **settings):
    """Return where PyTorch's own optimizer comes to."""
    weight = nn.Parameter(WEIGHT.clone())
    optimizer = optimizer_type([weight], **settings)
    for gradient in gradients:
        weight.grad = gradient.clone()
        optimizer.step()
    return weight.detach()


def sgd():
    yield (torch.ones(1), torch.tensor([2.0]), 0.25), torch.tensor([0.5])
    expected = after(torch.optim.SGD, GRADIENTS[:1], lr=0.1)
    yield (WEIGHT.clone(), GRADIENTS[0], 0.1), expected


def momentum():
    for beta in (0.0, 0.9):
        expected = after(torch.optim.SGD, GRADIENTS, lr=0.1, momentum=beta)
        yield (WEIGHT.clone(), GRADIENTS, 0.1, beta), expected


def rmsprop():
    for alpha in (0.5, 0.9):
        expected = after(torch.optim.RMSprop, GRADIENTS, lr=0.1, alpha=alpha)
        yield (WEIGHT.clone(), GRADIENTS, 0.1, alpha), expected


def training_step():
    def last_weights(_):
        return list(model.parameters())[-1].detach()

    examples, config = batch(), Config()
    model, twin = network(), network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss = score_batch(twin, examples, config)[0].mean()
    yield (model, optimizer, examples, config), loss.item()

    model = network()  # with gradients of a step before
    score_batch(model, batch(3), config)[0].mean().backward()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    last = list(twin.parameters())[-1]
    (gradient,) = torch.autograd.grad(loss, last)
    yield (model, optimizer, examples, config), (last - 0.1 * gradient).detach(), last_weights
