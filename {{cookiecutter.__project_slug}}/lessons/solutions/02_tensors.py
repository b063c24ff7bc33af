"""A solution of each exercise: shown after a right answer as another way."""

import numpy as np
import torch


def all_sums(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return a[:, None] + b


def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    return (labels[:, None] == torch.arange(classes)).long()


def pick(table: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    return table[torch.arange(len(table)), columns]


def standardize(table: torch.Tensor) -> torch.Tensor:
    return (table - table.mean(dim=0)) / table.std(dim=0)


def numpy_product(array: np.ndarray, weight: torch.Tensor) -> np.ndarray:
    inputs = torch.from_numpy(array).float()
    return (inputs @ weight).numpy()


def shrink(picture: torch.Tensor) -> torch.Tensor:
    height, width = picture.shape
    blocks = picture.reshape(height // 2, 2, width // 2, 2)
    return blocks.mean(dim=(1, 3))
