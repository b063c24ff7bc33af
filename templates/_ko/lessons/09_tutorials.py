# %% [markdown]
# # 9. 분류기에서 분산 학습까지
#
# 이제 분류기에 필요한 것이 다 모였습니다. 먼저 몇 스텝 학습하고, 프로세스 둘로 한 번 더
# 학습합니다. 각자 배치를 절반씩 맡지만 손실은 같습니다. `backward` 다음에 모든 프로세스의
# 그래디언트를 평균 내므로 모두 똑같은 스텝을 갑니다. `DistributedDataParallel`은 `backward`를
# 하는 동안 이 일을 알아서 해 줍니다. 몇 초 걸립니다.

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
# **torchrun**은 파일을 여러 번 실행하면서 프로세스마다 번호(rank)를 알려 줍니다. 여기서는 이 파일이
# 스스로 그렇게 합니다. 간단히 하려면 `torchrun --nproc-per-node 2 lessons/09_tutorials.py`

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
# ## 이 프로젝트에서는
#
# - `train.py`: `train`
# - `engine/processes.py`: `joined`, `add_up`, 설명은 `engine/distributed.md`
# - `engine/distributed.py`: `DataParallel`
#
# ## 더 읽어 보기
#
# - [분류기 학습하기](https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html)
# - [분산 학습](https://docs.pytorch.org/tutorials/beginner/ddp_series_intro.html)
# - [`torch.nn.parallel.DistributedDataParallel`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html)
