"""Cases for exercises 2: (arguments, what should come out)."""

import torch
import torch.nn.functional as F

from lessons.cases import Case
from lessons.sample import batch, inputs_of, network, project_data


def all_sums():
    yield Case(
        (torch.tensor([0, 10]), torch.tensor([1, 2, 3])), torch.tensor([[1, 2, 3], [11, 12, 13]])
    )
    yield Case((torch.tensor([1, 2]), torch.tensor([10, 20])), torch.tensor([[11, 21], [12, 22]]))


def one_hot():
    yield Case((torch.tensor([2, 0]), 3), torch.tensor([[0, 0, 1], [1, 0, 0]]))
    classes = len(project_data().info.classes)
    if classes > 0:  # the project may have been made to learn numbers
        _, labels = batch()
        yield Case((labels, classes), F.one_hot(labels, classes))


def pick():
    yield Case((torch.tensor([[1, 2, 3], [4, 5, 6]]), torch.tensor([2, 0])), torch.tensor([3, 4]))
    if project_data().info.classes:
        examples = batch()
        _, labels = examples
        logits = network()(*inputs_of(examples)).detach()
        expected = logits.gather(1, labels.view(-1, 1)).view(-1)  # the logit of the right class
        yield Case((logits, labels), expected)


def standardize():
    steps = torch.tensor([-1.0, 0.0, 1.0])
    table = torch.stack([2 + steps, 20 + 10 * steps], dim=1)
    yield Case((table,), torch.stack([steps, steps], dim=1))
    root = 0.5**0.5  # of two numbers, each is that far from their mean
    expected = torch.tensor([[root, root, -root], [-root, -root, root]])
    yield Case((torch.tensor([[3.0, 2.0, 0.0], [1.0, 0.0, 6.0]]),), expected)
