# %% [markdown]
# # 9. 분류기에서 분산 학습까지
#
# 이제 분류기에 필요한 것이 다 모였습니다. 먼저 몇 스텝 학습하고, 프로세스 둘로 한 번 더
# 학습합니다. 각자 배치를 절반씩 맡습니다. 두 번째 프로세스도 바로 이 파일입니다.

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
# **분산 학습**: `all_reduce`가 모든 프로세스의 그래디언트를 더하므로, 스텝이 끝날 때마다 모두
# 가중치가 같고, 그래서 손실도 같습니다. (CPU에서는 gloo, NVIDIA GPU에서는 nccl을 씁니다.)
#
# 실제로는 torchrun이 프로세스를 시작하고, `DistributedDataParallel`이 나머지 그래디언트를
# 구하는 동안 평균을 냅니다: `torchrun --standalone --nproc-per-node 2 train.py`

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
