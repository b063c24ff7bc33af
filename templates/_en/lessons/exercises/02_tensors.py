"""Exercises 2: tensors. No loop is needed: two lines with the right shapes are enough."""

import numpy as np
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
    """Return the table (N, F), each column shifted and scaled to `mean` 0 and `std` 1.

    `std` is meant as PyTorch calculates it when nothing else is said: divided by N - 1.

    >>> standardize(torch.tensor([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]))
    tensor([[-1., -1.],
            [ 0.,  0.],
            [ 1.,  1.]])
    """
    raise NotImplementedError


def numpy_product(array: np.ndarray, weight: torch.Tensor) -> np.ndarray:
    """Return the matrix product of `array` (N, F) and `weight` (F, C) as an array of NumPy (N, C).

    The numbers of `array` are float64, those of `weight` float32, and so are the product's.

    >>> numpy_product(np.array([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]]))
    array([[11.]], dtype=float32)
    """
    raise NotImplementedError


def shrink(picture: torch.Tensor) -> torch.Tensor:
    """Return a picture (H, W) at half its size (H // 2, W // 2): the mean of each 2 by 2 block.

    H and W are even, and need not be equal.

    >>> shrink(torch.tensor([[1.0, 3.0, 0.0, 0.0], [5.0, 7.0, 0.0, 4.0]]))
    tensor([[4., 1.]])
    """
    raise NotImplementedError
