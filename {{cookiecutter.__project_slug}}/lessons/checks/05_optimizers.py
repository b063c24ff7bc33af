"""Cases for exercises 5: (arguments, what should come out, what of it is compared)."""

import torch
from torch import nn

from config import Config
from lessons.cases import Case
from lessons.sample import batch, gradients, last_trained, last_weights, network
from model import compute_loss

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
    yield Case((torch.ones(1), torch.tensor([2.0]), 0.25), torch.tensor([0.5]))
    expected = after(torch.optim.SGD, GRADIENTS[:1], lr=0.1)
    yield Case((WEIGHT.clone(), GRADIENTS[0], 0.1), expected)


def momentum():
    for beta in (0.0, 0.9):
        expected = after(torch.optim.SGD, GRADIENTS, lr=0.1, momentum=beta)
        yield Case((WEIGHT.clone(), GRADIENTS, 0.1, beta), expected)


def rmsprop():
    for alpha in (0.5, 0.9):
        expected = after(torch.optim.RMSprop, GRADIENTS, lr=0.1, alpha=alpha)
        yield Case((WEIGHT.clone(), GRADIENTS, 0.1, alpha), expected)


def training_step():
    def weights_after(_):
        return last_weights(model)

    examples = batch()
    config = Config()
    twin = network()
    losses, _ = compute_loss(twin, examples, config)
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    yield Case((model, optimizer, examples, config), losses.mean().item(), changes=(0,))

    model = network()  # with gradients that a step before has left
    losses, _ = compute_loss(model, batch(3), config)
    losses.mean().backward()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    gradient = gradients(twin, examples)[last_trained()]
    expected = last_weights(twin) - 0.1 * gradient
    yield Case((model, optimizer, examples, config), expected, view=weights_after, changes=(0,))
