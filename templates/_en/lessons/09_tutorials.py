# %% [markdown]
# # 9. From a classifier to distributed training
#
# You have all the parts of a classifier. Here it trains for a few steps, then once more in
# two processes, each with half of every batch. The second one is this very file.

# %%
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
rank, meeting = 1, os.environ.get("MEETING", "")  # a file in which the two find each other
if not meeting:  # so this is the first one
    folder = TemporaryDirectory()
    rank, meeting = 0, Path(folder.name, "meeting").as_uri()
    command = [sys.executable, str(Path(sys.path[0], "lessons", "09_tutorials.py"))]
    partner = subprocess.Popen(command, env=os.environ | {"MEETING": meeting})

import torch
import torch.distributed as dist

from config import Config
from lessons.sample import splits  # what load_splits returns, read once
from model import build_model, score_batch


def train(rank=0, processes=1):
    """Return the losses of three steps, over this process's share of each batch."""
    config, losses = Config(), []
    torch.manual_seed(0)  # all processes begin with the same weights and the same order
    model = build_model(config, splits()["classes"], splits()["inputs"])
    model.eval()  # without augmentation and dropout, so that losses can be compared
    for indices in torch.randperm(len(splits()["train"]))[: 3 * 16].view(3, 16):
        share = splits()["train"][indices[rank::processes]]  # every second one, if there are two
        losses.append(score_batch(model, share, config)[0].mean())
        gradients = torch.autograd.grad(losses[-1], list(model.parameters()))
        for weight, gradient in zip(model.parameters(), gradients, strict=True):
            if processes > 1:
                dist.all_reduce(gradient)  # now each process has the sum over all
            weight.data -= 0.1 * gradient / processes  # SGD, as in lesson 5
    return torch.stack(losses).detach()


# %% [markdown]
# **Distributed training**: after each step all have the same weights, since `all_reduce` adds
# gradients up over the processes (with gloo on CPUs, nccl on NVIDIA GPUs): the same losses.
#
# In practice torchrun starts the processes, and `DistributedDataParallel` averages gradients
# while others are still computed: `torchrun --standalone --nproc-per-node 2 train.py`.

# %%
alone = train()
dist.init_process_group("gloo", meeting, timedelta(minutes=1), world_size=2, rank=rank)
together = train(rank, 2)
dist.all_reduce(together)
dist.destroy_process_group()
assert torch.allclose(together / 2, alone, rtol=1e-5, atol=1e-5)
if rank == 0:
    print("one process, two processes:", alone, together / 2, sep="\n")
    assert partner.wait() == 0
    folder.cleanup()

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`
# - `parallel/processes.py`: `joined`, `add_up`; in words: `parallel/README.md`
# - `parallel/models.py`: `averaged`
#
# ## Read next
#
# - [Training a classifier](https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html)
# - [Distributed training](https://docs.pytorch.org/tutorials/beginner/ddp_series_intro.html)
# - [`torch.nn.parallel.DistributedDataParallel`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html)
