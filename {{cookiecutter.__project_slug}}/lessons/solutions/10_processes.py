import math

import torch


def share(indices: torch.Tensor, rank: int, processes: int) -> torch.Tensor:
    return indices[rank::processes]


def average_gradients(gradients: list[list[torch.Tensor]]) -> list[torch.Tensor]:
    return [torch.stack(each).mean(dim=0) for each in zip(*gradients, strict=True)]


def equal_shares(indices: list[int], processes: int) -> list[list[int]]:
    length = math.ceil(len(indices) / processes)
    deck = [indices[place % len(indices)] for place in range(length * processes)]
    return [deck[rank::processes] for rank in range(processes)]


def mean_loss(means: list[float], counts: list[int]) -> float:
    # A process without examples has nan, and nan times 0 is nan.
    sums = [mean * count for mean, count in zip(means, counts, strict=True) if count > 0]
    return sum(sums) / sum(counts)
