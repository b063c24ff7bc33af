"""A DataLoader for any dataset: it puts the parts of dataset.py together."""

import signal
from typing import Any

import torch
from torch.utils.data import DataLoader

from engine.dataset import (
    CPU,
    Batch,
    BatchReader,
    BatchSampler,
    InMemory,
    ceil_divide,
    first_examples,
)
from engine.errors import UserError
from engine.processes import WORLD_SIZE
from engine.settings import Settings

MOST_VALUES = 2**24  # of inputs in a batch of evaluation: 1365 pictures of 64 by 64 in colour
# On a CPU what a layer gives must stay small, or the system clears new memory for each layer: of
# pictures of 64 by 64 a thousand at a time take four times as long for each as ten.
MOST_ON_CPU = 2**17
FEW = 8  # examples that are taken at once on a CPU, too, if they fit into memory


def ignore_terminal(_: int) -> None:
    """Let a worker live on while the training saves, after Ctrl-C or when the terminal closes."""
    for name in ("SIGINT", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def as_it_is(batch: Any) -> Batch:
    """Return a batch, which DataLoader may have made a list of."""
    return tuple(batch)


def hand_over(batch: Any) -> Batch:
    """Put a batch of a worker where the training can read it.

    PyTorch would do the same later on, out of reach: where it fails there, the training waits for
    ever. A container often has little of this memory.
    """
    try:
        return share(tuple(batch))
    except RuntimeError as error:
        if "shared memory" not in str(error):
            raise
        raise UserError(
            "no shared memory (/dev/shm) is left for the batches of --num-workers: take 0 of them, "
            f"or give the container more, as by docker run --shm-size 2g ({error})"
        ) from error


def share(value: Any) -> Any:
    """Return a batch, or a part of it, with its tensors in memory that all processes see."""
    if isinstance(value, torch.Tensor) and value.layout is torch.strided:
        return value.share_memory_()
    if isinstance(value, list):
        return [share(part) for part in value]
    if isinstance(value, tuple):  # of any kind: a plain one is what the training takes it for
        return tuple(share(part) for part in value)
    if isinstance(value, dict):
        return {name: share(part) for name, part in value.items()}
    return value


class InMemoryLoader(DataLoader):
    """A DataLoader for data in memory: it reads batch after batch, and does nothing else.

    What a DataLoader does beside that takes a part of the time of a step if the network is small.
    """

    def __iter__(self) -> Any:
        """Return what yields the batches that the sampler asks for."""
        return map(self.dataset.__getitem__, self.sampler)


def make_loader(
    dataset: Any,
    batch_size: int,
    settings: Settings,
    device: torch.device = CPU,
    seed: int | None = None,
) -> DataLoader:
    """Return a DataLoader that yields batches (inputs, labels) of a dataset.

    Args:
        dataset: Any map-style Dataset that gives (input, label).
        batch_size: The most examples in a batch, of all processes together.
        settings: `num_workers` and `limit_batches` count here, in training also `accumulate`.
        device: Where the batches will be needed.
        seed: With one the batches are for training: the examples are shuffled.
    """
    accumulate = 1 if seed is None else settings.accumulate
    if seed is None:
        batch_size = evaluation_batch_size(dataset, batch_size, device)
    sampler = BatchSampler(dataset, batch_size, seed, settings.limit_batches, accumulate)
    reader = BatchReader(dataset)
    fits_on_gpu = device.type == "cuda" and settings.num_workers == 0
    if fits_on_gpu and reader.is_in_memory and isinstance(dataset, InMemory):
        reader = BatchReader(keep_on_gpu(dataset, device))
        sampler.device = reader.dataset.labels.device
    pin_memory = device.type == "cuda" and sampler.device.type == "cpu"
    is_simple = reader.is_in_memory and settings.num_workers == 0 and not pin_memory
    loader_type = InMemoryLoader if is_simple else DataLoader
    return loader_type(
        reader,
        sampler=sampler,
        batch_size=None,  # docs.pytorch.org/docs/stable/data.html#disable-automatic-batching
        # The reader has made the batch already: it stays as it is.
        collate_fn=hand_over if settings.num_workers > 0 else as_it_is,
        num_workers=settings.num_workers,
        persistent_workers=settings.num_workers > 0,
        worker_init_fn=ignore_terminal,
        pin_memory=pin_memory,
    )


def evaluation_batch_size(dataset: Any, most: int, device: torch.device) -> int:
    """Return how many examples evaluation takes at once, of all processes together.

    A thousand large pictures would not fit into memory. How large they are the first ones show.

    Args:
        dataset: Its attribute `evaluation_batch_size`, if it has one, is the most that it allows.
        most: The most otherwise.
        device: Where the model is.
    """
    inputs, labels = first_examples(dataset, 2)
    values = max(1, count_values(inputs) // len(labels))  # of one example
    allowed = max(1, MOST_VALUES // values)
    if device.type == "cpu":
        allowed = min(allowed, max(FEW, MOST_ON_CPU // values))
    allowed = min(allowed, getattr(dataset, "evaluation_batch_size", most))
    batches = max(1, len(dataset) // WORLD_SIZE)  # at most: each process has a share of each
    return max(min(most, allowed), ceil_divide(len(dataset), batches))


def count_values(inputs: Any) -> int:
    """Return how many numbers inputs hold: a tensor, or a tuple or a dict of tensors."""
    if isinstance(inputs, tuple):
        return sum(count_values(part) for part in inputs)
    if isinstance(inputs, dict):
        return sum(count_values(part) for part in inputs.values())
    return inputs.numel()


def steps_per_epoch(loader: DataLoader) -> int:
    """Return how many optimizer steps an epoch has: one for each batch, or for --accumulate."""
    assert isinstance(loader.sampler, BatchSampler)
    return loader.sampler.steps


def keep_on_gpu(dataset: InMemory, device: torch.device) -> InMemory:
    """Return the dataset in the memory of an NVIDIA GPU, if it takes half of it at the most."""
    one_row = sum(tensor[:1].nbytes for tensor in dataset.tensors)
    free, _ = torch.cuda.mem_get_info(device)
    return dataset.to(device) if len(dataset) * one_row <= free // 2 else dataset
