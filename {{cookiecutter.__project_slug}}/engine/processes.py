"""Several processes that torchrun started: which one this is, and what they tell each other.

Without torchrun there is one process, and all of this returns at once.
"""

import gc
import os
from collections.abc import Generator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import Tensor

from engine.settings import UserError

# docs.pytorch.org/docs/stable/elastic/run.html#environment-variables
RANK = int(os.environ.get("RANK", "0"))  # the number of this process; 0 prints and writes
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", "0"))  # its number on this machine: its GPU
WORLD_SIZE = int(os.environ.get("WORLD_SIZE", "1"))  # how many there are on all machines


@contextmanager
def joined() -> Generator[None]:
    """Connect the processes, and end all of them when one ends."""
    if WORLD_SIZE == 1:
        yield
        return
    dist.init_process_group()  # gloo for tensors on the CPU, nccl for those on NVIDIA's GPUs
    try:
        yield
    except RuntimeError as error:
        if "losed by peer" not in str(error) and "reset by peer" not in str(error):
            raise
        raise UserError("another process of this training has ended, so this one ends") from error
    finally:
        gc.unfreeze()
        gc.collect()  # a DDP model that outlives its group can end the process with an abort
        dist.destroy_process_group()


def add_up(tensor: Tensor) -> Tensor:
    """Return the sum of the tensors of all processes. The tensor itself becomes it."""
    if WORLD_SIZE > 1:
        dist.all_reduce(tensor)
    return tensor


def highest(*numbers: int) -> list[int]:
    """Return the highest of each number among the processes. All wait here for the last one."""
    if WORLD_SIZE == 1:
        return list(numbers)
    votes = torch.tensor(numbers)
    dist.all_reduce(votes, dist.ReduceOp.MAX)
    return votes.tolist()


@contextmanager
def first_process_first() -> Generator[None]:
    """Let process 0 do something before the others do it, who find its files then."""
    if RANK > 0:
        highest(0)
    yield
    if RANK == 0:
        highest(0)
