"""How fast an ordinary Dataset is read: by the project's loader, and by PyTorch's DataLoader.

    python benchmarks/own_dataset.py --project build/bench/my-torch-project [--rounds 15] [--quick]

Two Datasets as tutorials write them: pictures in an array, and pictures in files. Each is read
example by example, in the training process and by two workers; epochs of both loaders take turns.
Needs the packages of the project. Writes results/own_dataset.json.
"""

import dataclasses
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from measure import read_options, target, write
from PIL import Image
from slices import paired_ratio
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

BATCH_SIZE = 64
SIZE = 96  # pixels of a side
LIMIT = 1.05


class InArray(Dataset):
    """Pictures in an array, as they come out of a file of NumPy."""

    def __init__(self, count: int) -> None:
        random = np.random.default_rng(0)
        self.pictures = random.integers(0, 256, (count, SIZE, SIZE, 3), dtype=np.uint8)
        self.targets = random.integers(0, 10, count).tolist()

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """Return a picture (C, H, W) in 0..1 and its label."""
        picture = torch.from_numpy(self.pictures[index]).permute(2, 0, 1)
        return picture.float() / 255, self.targets[index]


class InFiles(Dataset):
    """The same pictures in files: each is opened and decoded when it is asked for."""

    def __init__(self, folder: Path, pictures: InArray) -> None:
        self.targets = pictures.targets
        self.paths = []
        for number, pixels in enumerate(pictures.pictures):
            self.paths.append(folder / f"{number}.jpg")
            Image.fromarray(pixels).save(self.paths[-1])

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """Return a picture (C, H, W) in 0..1 and its label."""
        with Image.open(self.paths[index]) as file:
            pixels = np.array(file.convert("RGB"))
        return torch.from_numpy(pixels).permute(2, 0, 1).float() / 255, self.targets[index]


class WithoutSeeds:
    """A loader of the project that does not seed the random numbers of each example."""

    def __init__(self, loader: DataLoader) -> None:
        self.loader = loader

    def __iter__(self) -> Iterator[Any]:
        """Yield its batches."""
        from engine import dataset

        seed = dataset.seed_random_numbers
        dataset.seed_random_numbers = lambda _: None
        try:
            yield from self.loader
        finally:
            dataset.seed_random_numbers = seed


def make_loaders(dataset: Dataset, workers: int) -> dict[str, Any]:
    """Return the project's loader for a training, and PyTorch's own."""
    from config import Config
    from engine.loader import make_loader

    config = dataclasses.replace(Config(), num_workers=workers)
    usual = DataLoader(
        dataset,
        batch_size=BATCH_SIZE,
        shuffle=True,
        num_workers=workers,
        persistent_workers=workers > 0,
    )
    ours = make_loader(dataset, BATCH_SIZE, config, seed=0)
    found = {"ours": ours, "PyTorch's": usual}
    if workers == 0:
        found["ours, without a seed for each example"] = WithoutSeeds(ours)
    return found


def read_in_turns(loaders: dict[str, Any], rounds: int) -> dict[str, list[float]]:
    """Return the microseconds that an example takes, by each loader in each round."""
    found: dict[str, list[float]] = {name: [] for name in loaders}
    for number in range(-1, rounds):  # one round before, that is not counted
        first = number % len(loaders)
        names = list(loaders)
        for name in names[first:] + names[:first]:
            began = time.perf_counter()
            examples = sum(len(labels) for _, labels in loaders[name])
            if number >= 0:
                found[name].append(round((time.perf_counter() - began) / examples * 1e6, 3))
    return found


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    options = read_options(__doc__, 15)
    torch.set_num_threads(1)
    sys.path.insert(0, str(options.project))
    measured, targets = {}, []
    with tempfile.TemporaryDirectory() as folder:
        in_array = InArray(256 if options.quick else 2048)
        datasets = {"an array": in_array, "files": InFiles(Path(folder), in_array)}
        for place, dataset in datasets.items():
            for workers in (0, 2):
                found = read_in_turns(make_loaders(dataset, workers), options.rounds)
                title = f"pictures in {place}, {workers} workers: time, ours / PyTorch's DataLoader"
                value = paired_ratio(found["ours"], found["PyTorch's"])
                targets.append(target(title, value, LIMIT))
                measured[f"{place}, {workers} workers"] = found
    write(options.results / "own_dataset.json", {"targets": targets, "measured": measured})


if __name__ == "__main__":
    main()
