"""Which examples, in which order, with which random numbers: a function of the place in a run."""

import hashlib
import signal
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Sampler, TensorDataset

from commands.settings import Settings, UserError
from parallel.processes import RANK, WORLD_SIZE


def seed_for(*where: int | str) -> int:
    """Return a seed for this place in the training, the same on every machine."""
    digest = hashlib.blake2b(repr(where).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1  # torch takes 63 bits


def seed_step(device: torch.device, seed: int) -> None:
    """Let the next random numbers (augmentation, dropout) depend on this seed alone."""
    torch.default_generator.manual_seed(seed)  # 100 times faster than torch.manual_seed
    if device.type != "cpu":
        torch.get_device_module(device).manual_seed(seed)


class BatchSampler(Sampler[Tensor]):
    """Yields the indices of whole batches, all of equal size, give or take one example."""

    def __init__(self, dataset: Any, batch_size: int, seed: int | None, limit: int) -> None:
        self.length, self.seed = len(dataset), seed  # no seed keeps the order, for evaluation
        self.place = torch.device("cpu")  # where the data are, indices must be
        self.sizes = getattr(dataset, "sizes", None)  # (N,), where it saves time to batch by them
        self.batches = -(-self.length // batch_size)  # rounded up
        self.share = self.length / self.batches / WORLD_SIZE  # examples for a process, on average
        if self.share < 1:
            few = f"{self.length} examples in {self.batches} batches are too few"
            raise UserError(
                f"{few} for {WORLD_SIZE} processes: take fewer, or a larger --batch-size"
            )
        self.end = min(self.batches, limit or self.batches)
        self.epoch = self.start = 0  # start: how many of its batches are done already

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Tensor]:
        turns = range(self.batches)
        if self.seed is None:
            order = torch.arange(self.length)
        else:
            generator = torch.Generator().manual_seed(seed_for(self.seed, "order", self.epoch))
            order = torch.randperm(self.length, generator=generator)
        if self.sizes is not None:  # examples of like size share a batch: less padding
            pools = order.tensor_split(-(-self.batches // 32))
            order = torch.cat([pool[self.sizes[pool].argsort(stable=True)] for pool in pools])
            if self.seed is not None:
                turns = torch.randperm(self.batches, generator=generator).tolist()
        order, (size, larger) = order.to(self.place), divmod(self.length, self.batches)
        for turn in turns[self.start : self.end]:  # the first batches are the larger ones
            first = turn * size + min(turn, larger)
            batch = order[first : first + size + (turn < larger)]
            yield batch.tensor_split(WORLD_SIZE)[RANK] if WORLD_SIZE > 1 else batch


def ignore_ctrl_c(_: int) -> None:
    """Let a worker live on while the training saves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class InMemory(TensorDataset):
    """Examples side by side in memory; index_select is twice as fast as square brackets."""

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(tensor.index_select(0, index) for tensor in self.tensors)


def put_in_memory(dataset: Any, device: torch.device) -> Any:
    """Return the examples in an NVIDIA GPU's memory, or the CPU's, if there is room for them."""
    one = sum(tensor.nbytes for tensor in dataset[torch.arange(1)])
    room = torch.cuda.mem_get_info(device)[0] // 2 if device.type == "cuda" else 2**27
    if len(dataset) * one > room:
        return dataset
    return InMemory(*(tensor.to(device) for tensor in dataset[torch.arange(len(dataset))]))


def make_loader(
    dataset: Any, config: Settings, batch_size: int, seed: int | None = None, device: Any = "cpu"
) -> Any:
    """Return a DataLoader that fetches whole batches; with a seed it shuffles."""
    device = torch.device(device)
    place = device if device.type == "cuda" and not config.num_workers else torch.device("cpu")
    sampler = BatchSampler(dataset, batch_size, seed, config.limit_batches)
    if sampler.sizes is None:  # else batches differ in shape, and are made one by one
        dataset = put_in_memory(dataset, place)
    sampler.place = dataset.tensors[-1].device
    return DataLoader(
        dataset,
        sampler=sampler,
        batch_size=None,  # docs.pytorch.org/docs/stable/data.html#disable-automatic-batching
        collate_fn=tuple,  # so there is nothing to collate
        num_workers=config.num_workers,
        persistent_workers=config.num_workers > 0,
        worker_init_fn=ignore_ctrl_c,
        pin_memory=device.type == "cuda" and sampler.place.type == "cpu",
    )
