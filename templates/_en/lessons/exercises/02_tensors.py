"""Exercises 2: tensors. No loops: one or two lines with the right shapes are enough."""

import torch


def all_sums(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return every number of `a` (N,) plus every number of `b` (M,), as a table (N, M).

    >>> all_sums(torch.tensor([0, 10]), torch.tensor([1, 2, 3]))
    tensor([[ 1,  2,  3],
            [11, 12, 13]])
    """
    raise NotImplementedError


def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Return a row of whole numbers for each label: 1 at its class, 0 elsewhere (N, classes).

    >>> one_hot(torch.tensor([2, 0]), 3)
    tensor([[0, 0, 1],
            [1, 0, 0]])
    """
    raise NotImplementedError


def pick(table: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """Return one number of each row of `table` (N, C): the one in column `columns[row]`, (N,).

    >>> pick(torch.tensor([[1, 2, 3], [4, 5, 6]]), torch.tensor([2, 0]))
    tensor([3, 4])
    """
    raise NotImplementedError


def standardize(table: torch.Tensor) -> torch.Tensor:
    """Return the table (N, F), each column shifted and scaled to mean 0 and deviation 1.

    >>> standardize(torch.tensor([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]))
    tensor([[-1., -1.],
            [ 0.,  0.],
            [ 1.,  1.]])
    """
    raise NotImplementedError
