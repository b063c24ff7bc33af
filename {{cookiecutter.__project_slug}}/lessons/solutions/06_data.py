"""A solution of each exercise: shown after a right answer as another way."""

import math

import torch
from torch.utils.data import Dataset


def pad(rows):
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def brighter(pixels, by):
    return (pixels.int() + by).clamp(max=255).to(torch.uint8)


def batches_per_epoch(dataset, batch_size):
    return math.ceil(len(dataset) / batch_size)


def class_counts(dataset, classes):
    counts = torch.zeros(classes, dtype=torch.long)
    for index in range(len(dataset)):
        _, label = dataset[index]
        counts[label] += 1
    return counts


class Windows(Dataset):
    def __init__(self, series, length):
        self.series = series
        self.length = length

    def __len__(self):
        return len(self.series) - self.length

    def __getitem__(self, index):
        end = index + self.length
        return self.series[index:end], self.series[end]


def erase_square(picture, size):
    _, height, width = picture.shape
    top = int(torch.randint(height - size + 1, ()))
    left = int(torch.randint(width - size + 1, ()))
    erased = picture.clone()
    erased[:, top : top + size, left : left + size] = 0
    return erased


def split_by_person(persons, val_persons, seed):
    # Sorted: a set of texts has another order each time that Python starts.
    names = sorted(set(persons))
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(names), generator=generator).tolist()
    chosen = {names[place] for place in order[:val_persons]}
    train = [number for number, person in enumerate(persons) if person not in chosen]
    val = [number for number, person in enumerate(persons) if person in chosen]
    return train, val
