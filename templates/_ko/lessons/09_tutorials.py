# %% [markdown]
# # 9. 분류기에서 분산 학습까지
#
# 이제 분류기에 필요한 것이 다 모였습니다. 먼저 몇 스텝 학습하고, 프로세스 둘로 한 번 더
# 학습합니다. 각자 배치를 절반씩 맡지만 손실은 같습니다. 몇 초 걸립니다.

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
# **torchrun**은 파일을 여러 번 실행하면서 프로세스마다 번호(rank)를 알려 줍니다. 여기서는 이 파일이
# 스스로 그렇게 합니다. 간단히 하려면 `torchrun --nproc-per-node 2 lessons/09_tutorials.py`

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
# ## 이 프로젝트에서는
#
# - `train.py`: `train`
# - `parallel/processes.py`: `joined`, `add_up`, 설명은 `parallel/README.md`
# - `parallel/models.py`: `averaged`
#
# ## 더 읽어 보기
#
# - [분류기 학습하기](https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html)
# - [분산 학습](https://docs.pytorch.org/tutorials/beginner/ddp_series_intro.html)
# - [`torch.nn.parallel.DistributedDataParallel`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html)
