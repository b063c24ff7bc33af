"""Do the same to many files with all cores."""

import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

import torch
from torch.utils.data import DataLoader, Dataset

from engine.errors import UserError
from engine.loader import ignore_terminal
from engine.signals import is_worker_killed

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 32  # items that a worker takes at a time
ITEMS_OF_A_WORKER = 500  # with fewer, to start it takes longer than it saves


class Portions(Dataset, Generic[Item, Result]):
    """What a function returns for the first items, for the next ones, and so on.

    Args:
        function: Takes an item.
        items: All of them.
    """

    def __init__(self, function: Callable[[Item], Result], items: Sequence[Item]) -> None:
        self.function = function
        self.items = items

    def __len__(self) -> int:
        return -(-len(self.items) // AT_ONCE)

    def __getitem__(self, index: int) -> list[Result]:
        """Return what the function returns for the items of a portion, in their order."""
        begin = index * AT_ONCE
        return [self.function(item) for item in self.items[begin : begin + AT_ONCE]]


def with_all_cores(
    function: Callable[[Item], Result], items: Sequence[Item]
) -> Generator[list[Result]]:
    """Yield what a function returns for each item, some at a time, in their order.

    Threads take turns at Python, and to read a small picture is mostly Python: two of them are
    slower than one. So many items are shared out among processes, the workers of a DataLoader. On
    Linux these begin as copies of this process, in milliseconds. Elsewhere each would load PyTorch
    anew and need a `main` that it can import, so there threads do it, and they do few items.

    Args:
        function: Takes an item. In a worker it has its own copy of all that is in memory.
        items: All of them.

    Raises:
        UserError: A worker was killed.
    """
    portions = Portions(function, items)
    workers = min(count_cores(), len(items) // ITEMS_OF_A_WORKER)
    if workers > 1 and sys.platform == "linux":
        loader = DataLoader(
            portions,
            batch_size=None,
            collate_fn=as_it_is,
            num_workers=workers,
            multiprocessing_context="fork",
            worker_init_fn=ignore_terminal,
            generator=torch.Generator(),  # a loader draws a number, not from that of the training
        )
        try:
            results = iter(loader)
        except OSError:  # no more processes are allowed, or there is no /dev/shm for their locks
            pass
        else:
            yield from checked(results)
            return
    with ThreadPoolExecutor(count_cores()) as pool:
        for begin in range(0, len(items), AT_ONCE):
            yield list(pool.map(function, items[begin : begin + AT_ONCE]))


def checked(results: Iterator[list[Result]]) -> Iterator[list[Result]]:
    """Yield the same, and say in one line that a worker was killed.

    Raises:
        UserError: The system ended one, most often to get memory.
    """
    try:
        yield from results
    except RuntimeError as error:
        if not is_worker_killed(error):
            raise
        raise UserError(
            "a process that reads files was killed: most likely no memory was left, so end other "
            "programs"
        ) from error


def as_it_is(results: list[Result]) -> list[Result]:
    """Return what a worker has found: it is no batch of tensors."""
    return results


def count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # on Linux a process may be held to some of them
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
