"""Cases for exercises 9: (arguments, what should come out, what of it is compared)."""

import torch

from config import Config
from engine import metrics
from lessons.cases import Case
from lessons.sample import batch, inputs_of, last_weights, network, project_data
from model import compute_loss


def accuracy():
    yield Case((torch.tensor([[0.1, 2.0], [3.0, 0.2]]), torch.tensor([1, 1])), 0.5)
    if project_data().info.classes:  # the project may have been made to learn numbers
        examples = batch(100)
        _, labels = examples
        logits = network()(*inputs_of(examples)).detach()
        yield Case((logits, labels), metrics.accuracy(logits, labels))


def share():
    indices = torch.tensor([5, 6, 7, 8, 9])
    yield Case((indices, 1, 2), torch.tensor([6, 8]))
    yield Case((indices, 0, 2), torch.tensor([5, 7, 9]))
    yield Case((indices, 2, 3), torch.tensor([7]))


def average_gradients():
    first, second = torch.tensor([1.0, 5.0]), torch.tensor([3.0, 5.0])
    yield Case(([[first], [second]],), [torch.tensor([2.0, 5.0])])
    two_processes = [[first, torch.tensor(0.0)], [second, torch.tensor(4.0)]]
    yield Case((two_processes,), [torch.tensor([2.0, 5.0]), torch.tensor(2.0)])


def train():
    def weights_after(_):
        return last_weights(model)

    batches = [batch(8), batch(6)]
    config = Config()
    twin = network()
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1)
    expected = []
    for examples in batches:
        losses, _ = compute_loss(twin, examples, config)
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()
        expected.append(losses.mean().item())

    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    yield Case((model, optimizer, batches, config), expected, changes=(0,))
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    yield Case(
        (model, optimizer, batches, config), last_weights(twin), view=weights_after, changes=(0,)
    )
