"""Which examples, in which order, with which random numbers.

All of it is a function of where the training is, of seed, epoch and batch. So nothing random
needs saving, and a resumed run goes on as if it had never stopped.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Sampler

from device import ignore_ctrl_c
from settings import Settings


def split_indices(labels: Tensor) -> tuple[Tensor, ...]:
    """Return the indices for training, validation and test: 60, 20 and 20 % of every class."""
    generator = torch.Generator().manual_seed(0)  # not --seed: runs must stay comparable
    parts = []
    for label in labels.unique():
        members = torch.nonzero(labels == label).flatten()
        members = members[torch.randperm(len(members), generator=generator)]
        parts.append(members.tensor_split([round(0.6 * len(members)), round(0.8 * len(members))]))
    return tuple(torch.cat(part).sort().values for part in zip(*parts, strict=True))


def seed_for(*where: int | str) -> int:
    """Return a seed for this place in the training, the same on every machine."""
    digest = hashlib.blake2b(repr(where).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1  # torch takes 63 bits


def seed_step(device: torch.device, *where: int | str) -> None:
    """Let the next random numbers (augmentation, dropout) depend on this place alone."""
    torch.default_generator.manual_seed(seed_for(*where))  # 100 times faster than torch.manual_seed
    if device.type != "cpu":
        torch.get_device_module(device).manual_seed(seed_for(*where))


class BatchSampler(Sampler[Tensor]):
    """Yields the indices of whole batches, all of equal size, give or take one example."""

    def __init__(self, length: int, batch_size: int, seed: int | None, limit: int) -> None:
        self.length = length
        self.batches = -(-length // batch_size)  # rounded up
        self.end = min(self.batches, limit or self.batches)
        self.seed = seed  # None keeps the order, for evaluation
        self.epoch = 0
        self.start = 0  # how many batches of this epoch are done already

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Tensor]:
        order = torch.arange(self.length)
        if self.seed is not None:
            generator = torch.Generator().manual_seed(seed_for(self.seed, "order", self.epoch))
            order = torch.randperm(self.length, generator=generator)
        for number in range(self.start, self.end):
            begin, end = (self.length * edge // self.batches for edge in (number, number + 1))
            yield order[begin:end]


def make_loader(
    dataset: Any, config: Settings, batch_size: int, seed: int | None = None, limit: int = 0
) -> DataLoader[Any]:
    """Return a loader that fetches whole batches; with a seed it shuffles.

    https://docs.pytorch.org/docs/stable/data.html#disable-automatic-batching
    """
    return DataLoader(
        dataset,
        sampler=BatchSampler(len(dataset), batch_size, seed, limit),
        batch_size=None,  # the sampler makes the batches
        num_workers=config.num_workers,
        persistent_workers=config.num_workers > 0,
        worker_init_fn=ignore_ctrl_c,
        pin_memory=torch.cuda.is_available(),
    )
