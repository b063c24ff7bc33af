"""Cases for exercises 10: (arguments, what should come out)."""

import math

import torch
from torch.utils.data import DistributedSampler

from lessons.cases import Case


def dealt(count, rank, processes):
    """Return the places that a process gets, one after the other."""
    return [place for place in range(count) if place % processes == rank]


def share():
    indices = torch.tensor([5, 6, 7, 8, 9])
    yield Case((indices, 1, 2), torch.tensor([6, 8]), about="two")
    yield Case((indices, 0, 2), torch.tensor([5, 7, 9]), about="two")
    yield Case((indices, 2, 3), torch.tensor([7]), about="many")
    yield Case((indices, 0, 1), indices.clone())
    for count, rank, processes in ((13, 3, 4), (12, 1, 3), (20, 0, 6)):
        shuffled = torch.randperm(50)[:count]
        expected = shuffled[dealt(count, rank, processes)]
        yield Case((shuffled, rank, processes), expected, about="order")
    yield Case((torch.tensor([4, 2]), 2, 3), torch.tensor([], dtype=torch.long), about="few")


def average_gradients():
    first, second = torch.tensor([1.0, 5.0]), torch.tensor([3.0, 5.0])
    yield Case(([[first], [second]],), [torch.tensor([2.0, 5.0])], about="two")
    for processes, about in ((2, "shapes"), (3, "three"), (1, "one"), (5, "three")):
        shapes = ((4, 3), (), (3,))
        gradients = [[torch.randn(shape) for shape in shapes] for _ in range(processes)]
        expected = []
        for number, shape in enumerate(shapes):
            total = torch.zeros(shape)
            for ours in gradients:
                total = total + ours[number]
            expected.append(total / processes)
        yield Case((gradients,), expected, about=about)


def equal_shares():
    yield Case(([5, 6, 7, 8, 9], 2), [[5, 7, 9], [6, 8, 5]], about="filled")
    yield Case(([3, 1, 2, 0], 2), [[3, 2], [1, 0]], about="even")
    for count, processes, about in ((11, 4, "order"), (9, 3, "even"), (3, 5, "few"), (2, 7, "few")):
        shuffled = torch.randperm(30)[:count].tolist()
        shares = []
        for rank in range(processes):
            sampler = DistributedSampler(shuffled, processes, rank, shuffle=False)
            shares.append([shuffled[place] for place in sampler])
        yield Case((shuffled, processes), shares, about=about)
    yield Case(([8], 1), [[8]])


def mean_loss():
    yield Case(([1.0, 4.0], [2, 1]), 2.0, about="weights")
    yield Case(([0.5, 1.5, 4.0], [3, 3, 3]), 2.0, about="same")
    for processes in (2, 3, 5):
        counts = torch.randint(1, 9, (processes,)).tolist()
        means = torch.rand(processes).tolist()
        total = sum(mean * count for mean, count in zip(means, counts, strict=True))
        yield Case((means, counts), total / sum(counts), about="weights")
    yield Case(([2.0, math.nan, 0.5], [1, 0, 4]), 0.8, about="none")
