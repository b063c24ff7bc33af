# %% [markdown]
# # 10. Many processes
#
# With several GPUs, each gets a process of its own: a copy of the program, with a copy of the
# network. Each process takes its share of every batch. After `backward` all of them average
# their gradients, so they all take the same step, and the losses are those of one process.
# Here two processes do this on the CPU. The first is this one; it starts the second, which runs
# the same file and learns its number, the *rank*, from an environment variable. torchrun does
# all this for you: `torchrun --nproc-per-node 2 lessons/10_processes.py`

# %%
import os
import socket
import subprocess
import sys
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))

PROCESSES = 2
RANK = int(os.environ.get("RANK", "0"))
address = "env://"  # the environment says where the processes meet
second = None
if "RANK" not in os.environ:  # nobody has started several processes yet
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    env = {"RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    command = [sys.executable, str(Path(sys.path[0], "lessons", "10_processes.py"))]
    second = subprocess.Popen(command, env=os.environ | env)

# %% [markdown]
# **How a batch is dealt**: a `DistributedSampler` deals the examples to the processes like cards.
# If it does not come out even, it deals the first ones once more. So all processes take as many
# steps, and none waits for one that is through. In evaluation each example must count once, so
# none is dealt twice: the shares differ in size. The mean over all examples is then the sum of
# all losses, divided by the number of all examples.


# %%
def dealt(examples, rank):
    """Return the indices that a process gets."""
    return list(DistributedSampler(range(examples), PROCESSES, rank, shuffle=False))


def draw():
    """Draw which process gets which example of the first two batches."""
    from matplotlib.figure import Figure  # here: the second process draws nothing

    from lessons.picture import show

    figure = Figure((8, 2.6), layout="constrained")
    axes = figure.subplots()
    for rank in range(PROCESSES):
        for index in dealt(32, rank):
            color = f"C{index // 16}"
            axes.fill_between([index, index + 1], -rank - 1, -rank, color=color, alpha=0.4)
            axes.text(index + 0.5, -rank - 0.5, index, ha="center", va="center")
    axes.axvline(16, color="black")
    axes.set(xlim=(0, 32), ylim=(-PROCESSES, 0), xlabel="index of the example")
    axes.set_yticks([-0.5, -1.5], ["rank 0", "rank 1"])
    axes.set_title("Two batches of 16, dealt to two processes: each gets every second example")
    show(figure, "10_batch.png")


assert dealt(5, rank=0) == [0, 2, 4]
assert dealt(5, rank=1) == [1, 3, 0]  # 0 once more
if RANK == 0:
    draw()

# %% [markdown]
# **The training** is the usual loop. After `backward` the gradients are averaged: `all_reduce`
# replaces a tensor by the sum of what all processes have there. `DistributedDataParallel` (DDP)
# wraps a network and does this by itself, while `backward` still runs. It takes a second or two
# to load, so here it is tried only under torchrun.

# %%
points = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
dataset = TensorDataset(points, (points.norm(dim=1) > 1).long())  # further than 1 from 0, or not


def train(rank, processes, wrapped=False):
    """Return the loss of each step, over the examples of this process."""
    torch.manual_seed(0)  # all processes begin with the same weights
    model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
    if wrapped:
        model = DistributedDataParallel(model)
    sampler = DistributedSampler(dataset, processes, rank, shuffle=False)
    history = []
    for inputs, labels in DataLoader(dataset, batch_size=16 // processes, sampler=sampler):
        loss = nn.functional.cross_entropy(model(inputs), labels)
        model.zero_grad()
        loss.backward()
        for weights in model.parameters():
            if processes > 1 and not wrapped:
                dist.all_reduce(weights.grad)  # the sum, the same in each process
                weights.grad /= processes
            with torch.no_grad():
                weights -= 0.5 * weights.grad  # a step of SGD
        history.append(loss.item())
    return torch.tensor(history)


alone = train(rank=0, processes=1)

# %% [markdown]
# **Together**: `init_process_group` waits until all processes have come. "gloo" is how CPUs talk
# to each other; for NVIDIA's GPUs it is "nccl". In the end all of them close the group. A DDP
# model must not live longer than its group: here it ends with the function `train`.

# %%
dist.init_process_group("gloo", init_method=address, rank=RANK, world_size=PROCESSES)
mine = train(RANK, PROCESSES)
together = mine.clone()
dist.all_reduce(together)
together /= PROCESSES  # the mean of both halves of a batch
if dist.is_torchelastic_launched():  # by torchrun
    assert torch.allclose(train(RANK, PROCESSES, wrapped=True), mine)
dist.barrier()  # a process must not end while gloo still holds one of its tensors
dist.destroy_process_group()

assert torch.allclose(together, alone, atol=1e-5)
if RANK == 0:
    print("one process:      ", *[f"{loss:.4f}" for loss in alone])
    print("two, their mean:  ", *[f"{loss:.4f}" for loss in together])
    print("rank 0, its half: ", *[f"{loss:.4f}" for loss in mine])
if second is not None:
    assert second.wait() == 0  # it has ended, and well

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`
# - `engine/processes.py`: `joined`, `add_up`; in words: `engine/distributed.md`
# - `engine/distributed.py`: `DataParallel`
#
# ## Read next
#
# - [Distributed training](https://docs.pytorch.org/tutorials/beginner/ddp_series_intro.html)
# - [torchrun](https://docs.pytorch.org/docs/stable/elastic/run.html)
# - [`torch.nn.parallel.DistributedDataParallel`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html)
