# %% [markdown]
# # 9. From a classifier to distributed training
#
# You have all the parts of a classifier. Here it trains for a few steps, then once more on
# two processes, each with half of every batch, for the same losses. It takes some seconds.

# %%
import gc
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import torch
import torch.distributed as dist

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_splits
from model import build_model, score_batch
from train import make_optimizer


def train(rank=0, processes=1):
    """Return the losses of four steps, over this process's share of each batch."""
    config, splits = Config(lr=0.001), load_splits(Config())
    torch.manual_seed(0)  # all processes begin with the same weights and the same order
    model = build_model(config, splits["classes"], splits["inputs"])
    if processes > 1:
        model = torch.nn.parallel.DistributedDataParallel(model)  # averages gradients over all
    model.eval()  # without augmentation and dropout, so that losses can be compared
    optimizer, losses = make_optimizer(model, config), []
    for indices in torch.randperm(len(splits["train"]))[: 4 * 32].view(4, 32):
        share = splits["train"][indices[rank::processes]]  # every second one, if there are two
        losses.append(score_batch(model, share, config)[0].mean())
        optimizer.zero_grad()
        losses[-1].backward()
        optimizer.step()
    return torch.stack(losses).detach()


if "RANK" in os.environ:  # one of the two that are started below, or by torchrun
    dist.init_process_group("gloo")  # how CPUs talk to each other; for NVIDIA GPUs it is nccl
    losses = train(dist.get_rank(), dist.get_world_size())
    dist.all_reduce(losses)  # now each process has the sum over all
    print(json.dumps((losses / dist.get_world_size()).tolist()))
    gc.collect()  # the model keeps the connection in use; left so, the process may end in a crash
    dist.destroy_process_group()
    sys.exit()

# %% [markdown]
# **torchrun** starts a file several times and tells each process its number (rank). Here this
# file starts itself so; `torchrun --nproc-per-node 2 lessons/09_tutorials.py` is the short way.

# %%
alone = train()
command = [sys.executable, str(Path(sys.path[0], "lessons", "09_tutorials.py"))]
with socket.create_server(("127.0.0.1", 0)) as free:
    port = str(free.getsockname()[1])
env = os.environ | {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
started = [subprocess.Popen(command, env=env | {"RANK": n}, stdout=subprocess.PIPE) for n in "01"]
together, _ = (torch.tensor(json.loads(one.communicate()[0])) for one in started)
print("one process:  ", alone, "two processes:", together, sep="\n")
torch.testing.assert_close(together, alone, rtol=1e-5, atol=1e-5)

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
