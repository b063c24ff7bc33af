# %% [markdown]
# # 10. 프로세스 여러 개
#
# GPU가 여러 개면 GPU마다 프로세스를 하나씩 둡니다. 프로세스는 저마다 프로그램의 복사본이며,
# 신경망의 복사본도 하나씩 가지고, 모든 배치에서 자기 몫을 맡습니다. `backward` 다음에 모두의
# 그래디언트를 평균 내므로 스텝이 모두 똑같고, 손실은 프로세스가 하나일 때와 같습니다. 여기서는
# CPU에서 프로세스 두 개로 해 봅니다. 첫째는 이 프로세스이고, 이 프로세스가 둘째를 시작합니다.
# 둘째는 같은 파일을 실행하고, 자기 번호(*rank*)를 환경 변수에서 읽습니다. torchrun이 대신 해 주는
# 일이 바로 이것입니다. `torchrun --nproc-per-node 2 lessons/10_processes.py`

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
# **배치를 나누는 방법**: `DistributedSampler`는 예제를 카드처럼 프로세스에 나누어 줍니다.
# 나누어떨어지지 않으면 처음 예제들을 한 번 더 줍니다. 그래서 모든 프로세스의 스텝 수가 같고, 이미
# 끝난 프로세스를 기다리는 일이 없습니다. 평가에서는 모든 예제를 한 번씩만 세어야 하므로 두 번
# 나누어 주지 않습니다. 그래서 몫의 크기가 서로 다릅니다. 이때 전체 평균은 모든 손실의 합을 모든
# 예제의 수로 나눈 것입니다.


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
# **학습**은 늘 쓰던 반복문입니다. `backward` 다음에 그래디언트를 평균 냅니다. `all_reduce`는 텐서의
# 값을 모든 프로세스가 가진 값의 합으로 바꿉니다. `DistributedDataParallel`(DDP)은 신경망을 감싸고,
# `backward`가 실행되는 동안 이 일을 알아서 합니다. 불러오는 데 1~2초가 걸리므로, 여기서는
# torchrun으로 실행할 때만 써 봅니다.

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
# **함께**: `init_process_group`은 모든 프로세스가 모일 때까지 기다립니다. "gloo"는 CPU끼리 통신하는
# 방식이고, NVIDIA GPU에서는 "nccl"을 씁니다. 끝나면 모든 프로세스가 그룹을 닫습니다. DDP 모델은
# 그룹보다 오래 남아 있으면 안 됩니다. 여기서는 함수 `train`이 끝날 때 사라집니다.

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
# ## 이 프로젝트에서는
#
# - `train.py`: `train`
# - `engine/processes.py`: `joined`, `add_up`, 설명은 `engine/distributed.md`
# - `engine/distributed.py`: `DataParallel`
#
# ## 더 읽어 보기
#
# - [분산 학습](https://tutorials.pytorch.kr/beginner/ddp_series_intro.html)
# - [torchrun](https://docs.pytorch.org/docs/stable/elastic/run.html)
# - [`torch.nn.parallel.DistributedDataParallel`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html)
