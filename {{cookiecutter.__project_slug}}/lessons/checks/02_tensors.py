"""Cases for exercises 2."""

import numpy as np
import torch
import torch.nn.functional as F

from lessons.cases import Case
from lessons.sample import batch, inputs_of, network, project_data


def size(low=2, high=6):
    """Return a number of rows or columns, of all of them alike."""
    return int(torch.randint(low, high + 1, ()))


def all_sums():
    a, b = torch.tensor([0, 10]), torch.tensor([1, 2, 3])
    yield Case((a, b), torch.tensor([[1, 2, 3], [11, 12, 13]]))
    a, b = torch.tensor([1, 2]), torch.tensor([10, 20])
    yield Case((a, b), torch.tensor([[11, 21], [12, 22]]), about="square")
    for columns in (1, size(), 7):
        a, b = torch.randn(size()), torch.randn(columns)
        yield Case((a, b), torch.stack([number + b for number in a]), about="sizes")


def one_hot():
    yield Case((torch.tensor([2, 0]), 3), torch.tensor([[0, 0, 1], [1, 0, 0]]))
    labels = torch.tensor([1, 1, 0, 1])
    yield Case((labels, 5), F.one_hot(labels, 5), about="unseen")
    for classes in (1, size(), 9):
        labels = torch.randint(0, classes, (size(),))
        yield Case((labels, classes), F.one_hot(labels, classes))
    classes = len(project_data().info.classes)
    if classes > 0:  # the project may have been made to learn numbers
        _, labels = batch()
        yield Case((labels, classes), F.one_hot(labels, classes), about="unseen")


def pick():
    table = torch.tensor([[1, 2, 3], [4, 5, 6]])
    yield Case((table, torch.tensor([2, 0])), torch.tensor([3, 4]))
    for rows, columns in ((3, 3), (size(), 7), (6, size())):
        table = torch.randn(rows, columns)
        chosen = torch.randint(0, columns, (rows,))
        yield Case((table, chosen), table.gather(1, chosen.view(-1, 1)).view(-1))
    table = torch.randn(4, 3)
    yield Case((table, torch.tensor([1, 1, 1, 1])), table[:, 1].clone(), about="same")
    yield Case((torch.tensor([[4.0, -5.0]]), torch.tensor([1])), torch.tensor([-5.0]), about="one")
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
    for columns in (1, size(), 4):
        table = 7 * torch.randn(size(4, 9), columns) + torch.arange(columns)
        expected = [(column - column.mean()) / column.std() for column in table.T]
        yield Case((table,), torch.stack(expected, dim=1), about="columns")


def numpy_product():
    array, weight = np.array([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]])
    yield Case((array, weight), np.array([[11.0]], dtype=np.float32))
    for rows in (1, size(), 7):
        array = torch.randn(rows, size()).double().numpy()
        weight = torch.randn(array.shape[1], size())
        product = (array @ weight.double().numpy()).astype(np.float32)
        yield Case((array, weight), product, about="types")


def shrink():
    picture = torch.tensor([[1.0, 3.0, 0.0, 0.0], [5.0, 7.0, 0.0, 4.0]])
    yield Case((picture,), torch.tensor([[4.0, 1.0]]), about="blocks")
    for height, width in ((2, 2), (4, 4), (2 * size(), 8), (6, 2 * size())):
        picture = torch.randn(height, width)
        expected = F.avg_pool2d(picture[None], 2)[0]
        yield Case((picture,), expected, about="blocks" if height > 2 else "")
