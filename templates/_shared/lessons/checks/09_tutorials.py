"""Cases for exercises 9: (arguments, what should come out, what of it is compared)."""

import torch

from config import Config
from lessons.sample import batch, network
from loading.splits import measure
from model import score_batch


def accuracy():
    yield (torch.tensor([[0.1, 2.0], [3.0, 0.2]]), torch.tensor([1, 1])), 0.5
    *inputs, labels = batch(100)
    logits = network()(*inputs).detach()
    yield (logits, labels), measure(logits.argmax(dim=1), labels)["accuracy"]


def share():
    indices = torch.tensor([5, 6, 7, 8, 9])
    yield (indices, 1, 2), torch.tensor([6, 8])
    yield (indices, 0, 2), torch.tensor([5, 7, 9])
    yield (indices, 2, 3), torch.tensor([7])


def average_gradients():
    first, second = torch.tensor([1.0, 5.0]), torch.tensor([3.0, 5.0])
    yield ([[first], [second]],), [torch.tensor([2.0, 5.0])]
    yield ([[first, torch.tensor(0.0)], [second, torch.tensor(4.0)]],), [
        torch.tensor([2.0, 5.0]), torch.tensor(2.0),
    ]  # fmt: skip


def train():
    def last_weights(_):
        return list(model.parameters())[-1].detach()

    batches, config = [batch(8), batch(6)], Config()
    twin, expected = network(), []
    for examples in batches:  # plain SGD by hand
        loss = score_batch(twin, examples, config)[0].mean()
        parts = list(twin.parameters())
        for part, gradient in zip(parts, torch.autograd.grad(loss, parts), strict=True):
            part.data -= 0.1 * gradient
        expected.append(loss.item())
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    yield (model, optimizer, batches, config), expected
    weights = list(twin.parameters())[-1].detach()
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    yield (model, optimizer, batches, config), weights, last_weights
