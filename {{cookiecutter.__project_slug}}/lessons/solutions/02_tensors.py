"""A solution of each exercise: shown after a right answer as another way."""

import torch


def all_sums(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return a[:, None] + b


def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    return (labels[:, None] == torch.arange(classes)).long()


def pick(table: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    return table[torch.arange(len(table)), columns]


def standardize(table: torch.Tensor) -> torch.Tensor:
    return (table - table.mean(dim=0)) / table.std(dim=0)
