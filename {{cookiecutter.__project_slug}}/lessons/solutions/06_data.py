"""A solution of each exercise: shown after a right answer as another way."""

import torch
from torch.utils.data import Dataset


def pad(rows: list[list[int]]) -> torch.Tensor:
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def brighter(pixels: torch.Tensor, by: int) -> torch.Tensor:
    return (pixels.int() + by).clamp(max=255).to(torch.uint8)


def batches_per_epoch(dataset: Dataset, batch_size: int) -> int:
    return -(-len(dataset) // batch_size)


def class_counts(dataset: Dataset, classes: int) -> torch.Tensor:
    counts = torch.zeros(classes, dtype=torch.long)
    for index in range(len(dataset)):
        _, label = dataset[index]
        counts[label] += 1
    return counts
