# %% [markdown]
# # 9. From a classifier to distributed training
#
# You have all the parts of a classifier. Here it trains for a few steps, then once more in
# two processes, each with half of every batch, for the same losses. After `backward` all
# processes average their gradients, so they take the same step. `DistributedDataParallel` does
# this by itself, while `backward` still runs. It takes some seconds.

# %%
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
from data import load_data
from engine.dataset import BatchReader, BatchRequest
from model import build_model, compute_loss


def average_gradients(model):
    """Give each weight the mean of its gradients in all processes."""
    for weights in model.parameters():
        if weights.grad is not None:  # a layer that is frozen has none
            dist.all_reduce(weights.grad)  # now the sum, the same in each process
            weights.grad /= dist.get_world_size()


def train(rank=0, processes=1):
    """Return the losses of four steps, over this process's share of each batch."""
    config = Config()
    data = load_data(config)
    torch.manual_seed(0)  # all processes begin with the same weights and draw the same batches
    model = build_model(config, data.info)
    model.eval()  # without dropout, so that losses can be compared
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    reader = BatchReader(data.train)  # gives a batch for indices
    history = []
    for indices in torch.randint(len(reader.dataset), (4, 32)):
        share = indices[rank::processes]  # every second one, if there are two processes
        batch = reader[BatchRequest(share, seed=0)]
        losses, _ = compute_loss(model, batch, config)
        loss = losses.mean()
        optimizer.zero_grad()
        loss.backward()
        if processes > 1:
            average_gradients(model)
        optimizer.step()
        history.append(loss.item())
    return torch.tensor(history)


if "RANK" in os.environ:  # one of the two that are started below, or by torchrun
    dist.init_process_group("gloo")  # how CPUs talk to each other; for NVIDIA GPUs it is nccl
    losses = train(dist.get_rank(), dist.get_world_size())
    dist.all_reduce(losses)  # now each process has the sum over all
    print(json.dumps((losses / dist.get_world_size()).tolist()))
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
processes = []
for rank in ("0", "1"):
    process = subprocess.Popen(command, env=env | {"RANK": rank}, stdout=subprocess.PIPE)
    processes.append(process)
printed, _ = [process.communicate()[0] for process in processes]  # both print the same
together = torch.tensor(json.loads(printed))
print("one process:  ", alone)
print("two processes:", together)
differ = "the losses differ: is anything random in your dataset, or in your network after eval()?"
torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-4, msg=differ)

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`
# - `engine/processes.py`: `joined`, `add_up`; in words: `engine/distributed.md`
# - `engine/distributed.py`: `DataParallel`
#
# ## Read next
#
# - [Training a classifier](https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html)
# - [Distributed training](https://docs.pytorch.org/tutorials/beginner/ddp_series_intro.html)
# - [`torch.nn.parallel.DistributedDataParallel`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html)
