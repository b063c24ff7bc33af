"""Cases for exercises 12: over- and underfitting, and learning rates."""

import math

import torch

from lessons.cases import Case

NAN, INFINITE = float("nan"), float("inf")


def best_epoch():
    yield Case(([2.0, 1.5, 1.6, 1.7, 1.2], 2), (1, 3), about="later")
    yield Case(([2.0, 1.5, 1.6, 1.4, 1.45, 1.2], 2), (5, 5), about="in_a_row")
    yield Case(([3.0, 2.0, 1.0], 1), (2, 2), about="never")
    yield Case(([3.0, 2.0, 2.5, 2.6], 5), (1, 3), about="never")
    yield Case(([1.0, 1.0, 1.0, 0.5], 2), (0, 2), about="equal")
    yield Case(([1.0, 1.2, 1.1, 0.5], 2), (0, 2), about="in_a_row")
    yield Case(([0.7, 0.9, 0.5], 1), (0, 1), about="later")
    yield Case(([1.0], 1), (0, 0), about="never")
    yield Case(([2.0, 1.0, 1.5, 1.0, 1.2], 3), (1, 4), about="equal")


def range_of_rates():
    yield Case((0.001, 1.0, 4), [0.001, 0.01, 0.1, 1.0], about="factor")
    yield Case((0.5, 8.0, 5), [0.5, 1.0, 2.0, 4.0, 8.0], about="factor")
    yield Case((0.01, 3.0, 2), [0.01, 3.0], about="two")
    lowest, factor = 0.02, 1.3
    yield Case((lowest, lowest * factor**6, 7), [lowest * factor**i for i in range(7)])


def choose_rate():
    inf = INFINITE
    yield Case(([0.01, 0.1, 1.0, 10.0], [2.0, 1.0, 0.5, inf]), 0.1, about="infinite")
    yield Case(([0.1, 0.2, 0.4, 0.8], [2.0, 1.5, 1.0, 3.0]), 0.02, about="mean")
    lucky = [2.0, 0.4, 2.0, 1.0, 0.6, 0.7, 2.0]
    yield Case(([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4], lucky), 0.16, about="mean")
    leaped = [2.0, 1.0, 1.5, 1.9, NAN, 0.1, 0.1]
    yield Case(([0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3], leaped), 0.05, about="infinite")
    yield Case(([0.3, 0.6], [1.0, inf]), 0.03, about="infinite")
    yield Case(([0.2, 0.4, 0.8], [3.0, 3.0, 3.0]), 0.02, about="equal")
    yield Case(([0.2, 0.4, 0.8], [1.0, 2.0, 3.0]), 0.02, about="ends")
    yield Case(([0.2, 0.4, 0.8], [3.0, 2.0, 1.0]), 0.08, about="ends")


def diagnose():
    guessing = math.log(10)
    yield Case(([2.0, 0.5, 0.1], [2.1, 0.9, 1.5], guessing), "overfitting", about="rises")
    yield Case(([2.3, 2.2, 2.1], [2.3, 2.2, 2.2], guessing), "underfitting", about="high")
    yield Case(([2.0, 0.9, 0.5], [2.1, 1.0, 0.9], guessing), "good", about="little")
    yield Case(([2.0, 0.9, 0.5], [2.1, 1.0, 1.05], guessing), "good", about="little")
    yield Case(([2.3, 2.2, 2.1], [2.3, 2.2, 2.9], guessing), "underfitting", about="first")
    yield Case(([0.6, 0.5], [0.6, 0.5], math.log(2)), "underfitting", about="high")
    yield Case(([0.1, 1.5], [0.1, 0.1], guessing), "underfitting", about="last")
    yield Case(([2.0, 0.01], [2.1, 2.0], guessing), "good", about="gap")
    yield Case(([0.5, 0.4, 0.3, 0.2], [1.0, 0.5, 0.8, 0.7], guessing), "overfitting", about="rises")


def decayed_step():
    weights = {"weight": torch.tensor([[1.0, -2.0]]), "bias": torch.tensor([4.0])}
    zeros = {name: torch.zeros_like(value) for name, value in weights.items()}
    half = {"weight": torch.tensor([[0.5, -1.0]]), "bias": torch.tensor([4.0])}
    yield Case((weights, zeros, 1.0, 0.5), half, about="bias")
    for lr, decay, sizes in ((0.1, 0.3, (4, 2, 3)), (0.5, 0.0, (3, 5)), (0.2, 0.1, (2, 8))):
        before = {"kernel": torch.randn(sizes), "scale": torch.randn(7)}
        gradients = {name: torch.randn(value.shape) for name, value in before.items()}
        after = {}
        for name, value in before.items():
            kept = 1 - lr * decay if value.dim() > 1 else 1.0
            after[name] = kept * value - lr * gradients[name]
        yield Case((before, gradients, lr, decay), after, about="none" if decay == 0 else "step")
    frozen = {"body": torch.randn(3, 4), "head": torch.randn(4, 3)}
    gradient = torch.randn(4, 3)
    head = frozen["head"] - 0.2 * gradient - 0.2 * 0.1 * frozen["head"]
    after = {"body": frozen["body"].clone(), "head": head}
    yield Case((frozen, {"head": gradient}, 0.2, 0.1), after, about="frozen")
