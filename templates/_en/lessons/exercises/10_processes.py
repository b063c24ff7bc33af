"""Exercises 10: many processes. They need only one: what the others have stands in lists."""

import torch


def share(indices: torch.Tensor, rank: int, processes: int) -> torch.Tensor:
    """Return the indices that process number `rank` trains on, dealt out like cards.

    >>> share(torch.tensor([5, 6, 7, 8, 9]), rank=1, processes=2)
    tensor([6, 8])
    """
    raise NotImplementedError


def average_gradients(gradients: list[list[torch.Tensor]]) -> list[torch.Tensor]:
    """Return the mean gradient of each parameter; `gradients` has a list for each process.

    >>> average_gradients([[torch.tensor([1.0, 5.0])], [torch.tensor([3.0, 5.0])]])
    [tensor([2., 5.])]
    """
    raise NotImplementedError


def equal_shares(indices: list[int], processes: int) -> list[list[int]]:
    """Return a list of indices for each process, dealt out like cards, all of the same length.

    If it does not come out even, the deck is filled up before it is dealt: with the indices from
    the beginning, over and over if there are few. No index is left out, and the deck gets no
    longer than it must. There is one index at least.

    >>> equal_shares([5, 6, 7, 8, 9], processes=2)
    [[5, 7, 9], [6, 8, 5]]
    """
    raise NotImplementedError


def mean_loss(means: list[float], counts: list[int]) -> float:
    """Return the mean loss of all examples, each of which counts once.

    Process number `rank` had `counts[rank]` examples, and their mean loss was `means[rank]`. A
    process may have had none; then its mean is nan, and does not count.

    >>> mean_loss([1.0, 4.0], counts=[2, 1])
    2.0
    """
    raise NotImplementedError
