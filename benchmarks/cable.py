"""Measure what connects the processes of torchrun: bytes a second, and the time of a message.

    torchrun --nproc-per-node 2 cable.py

Sums tensors over all processes, as DDP does with gradients. Process 0 prints a line `cable {...}`.
"""

import json
import time
from statistics import median

import torch
import torch.distributed as dist

SMALL = 1  # numbers
LARGE = 2_000_000


def seconds(count: int, times: int) -> float:
    """Return how long it takes to sum so many numbers, the median of some times."""
    numbers = torch.zeros(count)
    found = []
    for _ in range(times):
        dist.barrier()
        began = time.perf_counter()
        dist.all_reduce(numbers)
        found.append(time.perf_counter() - began)
    return median(found)


def main() -> None:
    """Measure, and print."""
    dist.init_process_group("gloo")
    message = seconds(SMALL, 200)
    whole = seconds(LARGE, 5)
    if dist.get_rank() == 0:
        # Two processes: each sends half of the numbers to add them up, and half to tell the sum.
        size = LARGE * torch.zeros(1).nbytes
        found = {"bandwidth": size / (whole - message), "latency": message / 2}
        print("cable", json.dumps(found))
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
