"""Cases for exercises 5."""

import math

import torch
from torch import nn

from config import Config
from lessons.cases import Case, OneOf
from lessons.sample import batch, network, parameters
from model import compute_loss

WEIGHT = torch.tensor([1.0, -2.0])
GRADIENTS = [torch.tensor([2.0, 0.5]), torch.tensor([-1.0, 0.5]), torch.tensor([0.5, 0.0])]


def after(optimizer_type, weight, gradients, **settings):
    """Return where PyTorch's own optimizer comes to."""
    parameter = nn.Parameter(weight.clone())
    optimizer = optimizer_type([parameter], **settings)
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
    return parameter.detach()


def random_gradients(count, *shape):
    """Return a weight, and some gradients of it."""
    return torch.randn(shape), [torch.randn(shape) for _ in range(count)]


def sgd():
    yield Case((torch.ones(1), torch.tensor([2.0]), 0.25), torch.tensor([0.5]))
    for shape, lr in (((2,), 0.1), ((3, 4), 0.5), ((1, 2, 3), 2.0)):
        weight, (gradient,) = random_gradients(1, *shape)
        expected = after(torch.optim.SGD, weight, [gradient], lr=lr)
        yield Case((weight, gradient, lr), expected, about="step")


def momentum():
    settings = {"lr": 0.1, "momentum": 0.9}
    for about, count in (("first", 1), ("velocity", 2), ("velocity", 3)):
        expected = after(torch.optim.SGD, WEIGHT, GRADIENTS[:count], **settings)
        yield Case((WEIGHT.clone(), GRADIENTS[:count], 0.1, 0.9), expected, about=about)
    for beta, lr, count, shape in (
        (0.0, 0.1, 4, (3,)),
        (0.5, 0.3, 5, (2, 4)),
        (0.99, 0.02, 9, (1,)),
    ):
        weight, gradients = random_gradients(count, *shape)
        expected = after(torch.optim.SGD, weight, gradients, lr=lr, momentum=beta)
        yield Case((weight, gradients, lr, beta), expected, about="settings")


def rmsprop():
    for about, count in (("first", 1), ("mean", 2), ("mean", 3)):
        expected = after(torch.optim.RMSprop, WEIGHT, GRADIENTS[:count], lr=0.2, alpha=0.99)
        yield Case((WEIGHT.clone(), GRADIENTS[:count], 0.2, 0.99), expected, about=about)
    weight = torch.tensor([1.0, 2.0])
    gradients = [torch.tensor([0.0, 1e-6]), torch.tensor([0.0, 1e-7])]
    expected = after(torch.optim.RMSprop, weight, gradients, lr=0.1, alpha=0.99)
    yield Case((weight, gradients, 0.1, 0.99), expected, about="tiny")
    for alpha, lr, count, shape in (
        (0.5, 0.1, 4, (3,)),
        (0.9, 0.3, 5, (2, 4)),
        (0.2, 0.02, 7, (1,)),
    ):
        weight, gradients = random_gradients(count, *shape)
        expected = after(torch.optim.RMSprop, weight, gradients, lr=lr, alpha=alpha)
        yield Case((weight, gradients, lr, alpha), expected, about="settings")


def adam():
    for about, count in (("first", 1), ("correction", 2), ("correction", 3)):
        expected = after(torch.optim.Adam, WEIGHT, GRADIENTS[:count], lr=0.1, betas=(0.9, 0.999))
        yield Case((WEIGHT.clone(), GRADIENTS[:count], 0.1, 0.9, 0.999), expected, about=about)
    weight = torch.tensor([1.0, 2.0])
    gradients = [torch.tensor([0.0, 1e-6]), torch.tensor([0.0, 1e-7])]
    expected = after(torch.optim.Adam, weight, gradients, lr=0.1, betas=(0.9, 0.999))
    yield Case((weight, gradients, 0.1, 0.9, 0.999), expected, about="tiny")
    for betas, lr, count, shape in (
        ((0.0, 0.5), 0.1, 4, (3,)),
        ((0.8, 0.999), 0.3, 6, (2, 4)),
        ((0.95, 0.9), 0.02, 8, (1,)),
    ):
        weight, gradients = random_gradients(count, *shape)
        expected = after(torch.optim.Adam, weight, gradients, lr=lr, betas=betas)
        yield Case((weight, gradients, lr, *betas), expected, about="settings")


def warmup_then_cosine():
    for warmup, steps, lr in ((2, 6, 0.4), (0, 5, 0.3), (4, 5, 2.0), (10, 110, 0.001), (1, 9, 1.0)):
        for step in sorted({0, warmup - 1, warmup // 2, warmup, (warmup + steps) // 2, steps - 1}):
            if 0 <= step < warmup:
                expected = lr * (step + 1) / warmup
                yield Case((step, warmup, steps, lr), expected, about="warmup")
            if step >= warmup:
                angle = math.pi * (step - warmup) / (steps - warmup)
                expected = lr * (0.5 + 0.5 * math.cos(angle))
                yield Case((step, warmup, steps, lr), expected, about="cosine")


def training_step():
    config = Config()

    def steps(answer, batches, make_optimizer, scale=1, training=False):
        """Return what so many steps in a row return, and every parameter after them."""
        model = network()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter *= scale
        optimizer = make_optimizer(model.parameters())
        means = []
        for number, examples in enumerate(batches):
            torch.manual_seed(number)  # what is random in training mode is the same for all
            model.train(training)
            means.append(answer(model, optimizer, examples, config))
        return {"returned": means, "parameters": parameters(model)}

    def our_step(model, optimizer, examples, config):
        losses, _ = compute_loss(model, examples, config)
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()
        return losses.mean().item()

    def expected(*settings):
        # An answer may call model.train(), and may begin with it.
        return OneOf(steps(our_step, *settings), steps(our_step, *settings, training=True))

    def plain_sgd(weights):
        return torch.optim.SGD(weights, lr=0.05)

    def slow_sgd(weights):
        return torch.optim.SGD(weights, lr=0.01)

    def sgd_with_momentum(weights):
        return torch.optim.SGD(weights, lr=0.02, momentum=0.9)

    def one_step(answer):
        return steps(answer, [batch()], plain_sgd)

    def two_steps(answer):
        return steps(answer, [batch(8), batch(5)], plain_sgd)

    def three_steps_with_momentum(answer):
        return steps(answer, [batch(4), batch(7), batch(2)], sgd_with_momentum)

    def one_step_with_weights_twice_as_large(answer):
        return steps(answer, [batch(5)], slow_sgd, 2)

    def distances(answer, training=False):
        before = parameters(network())
        after = steps(answer, [batch()], plain_sgd, training=training)["parameters"]
        return torch.stack([(after[name] - before[name]).abs().sum() for name in before])

    def one_step_changes_parameters(answer):
        return bool(distances(answer).any())

    def how_far_parameters_move(answer):
        return distances(answer).sum().item()

    yield Case((), True, run=one_step_changes_parameters, about="moved")
    moved = [distances(our_step, training).sum().item() for training in (False, True)]
    yield Case((), OneOf(*moved), run=how_far_parameters_move, about="mean")
    yield Case((), expected([batch()], plain_sgd), run=one_step, about="one")
    yield Case((), expected([batch(8), batch(5)], plain_sgd), run=two_steps, about="two")
    settings = ([batch(4), batch(7), batch(2)], sgd_with_momentum)
    yield Case((), expected(*settings), run=three_steps_with_momentum, about="optimizer")
    settings = ([batch(5)], slow_sgd, 2)
    yield Case((), expected(*settings), run=one_step_with_weights_twice_as_large, about="large")
