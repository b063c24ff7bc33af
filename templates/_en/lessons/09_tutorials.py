# %% [markdown]
# # 9. From a classifier to distributed training
#
# You have all the parts of a classifier. Here it trains for a few steps, then once more on
# two processes, each with half of every batch, for the same losses. It takes some seconds.

# %%
import gc
import json
import os
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


if dist.is_torchelastic_launched():  # one of the two that torchrun starts below
    dist.init_process_group("gloo")  # how CPUs talk to each other; for NVIDIA GPUs it is nccl
    losses = train(dist.get_rank(), dist.get_world_size())
    dist.all_reduce(losses)  # now each process has the sum over all
    if dist.get_rank() == 0:
        print(json.dumps((losses / dist.get_world_size()).tolist()))
    gc.collect()  # the model keeps the connection in use; left so, the process may end in a crash
    dist.destroy_process_group()
    sys.exit()

# %% [markdown]
# **torchrun** starts a file several times and tells each process its number (rank). Here it
# starts this very file, as `torchrun --nproc-per-node 2 lessons/09_tutorials.py` would.

# %%
alone = train()
print("one process:  ", alone)
command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
command.append(str(Path(sys.path[0], "lessons", "09_tutorials.py")))
settings = os.environ | {"OMP_NUM_THREADS": "1", "USE_LIBUV": "0"}  # Windows has no libuv
answer = subprocess.run(command, env=settings, stdout=subprocess.PIPE, check=True)
together = torch.tensor(json.loads(answer.stdout))
print("two processes:", together)
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
