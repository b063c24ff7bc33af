# %% [markdown]
# # 7. GPU
#
# GPU는 작은 계산 수천 개를 한꺼번에 합니다. 함께 계산할 텐서는 같은 장치에 있어야 하고,
# `.to(device)`로 옮깁니다. 나머지 코드는 그대로입니다.
# GPU가 없으면 이 레슨은 그렇다고 알려 주고 CPU에서 실행됩니다.

# %%
import sys
import time
from pathlib import Path

import torch

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.dataset import to_device
from engine.device import autocast, pick_device
from engine.loader import make_loader
from model import build_model, compute_loss

device = pick_device("auto")
print("this machine has", device if device.type != "cpu" else "no GPU: all is done on the CPU")

# %% [markdown]
# **`.to(device)`**: 텐서에서는 그 장치에 있는 텐서를 돌려주고, 원래 텐서는 있던 곳에 그대로
# 있습니다. 모델에서는 가중치 자체를 옮깁니다.

# %%
config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.train, batch_size=32, settings=config, seed=0)))
inputs, labels = batch
moved = labels.to(device)
assert moved.device.type == device.type
assert labels.device.type == "cpu"

model = build_model(config, data.info).to(device)
moved = to_device(batch, device)  # the inputs and the labels
losses, logits = compute_loss(model, moved, config)
assert logits.device.type == device.type, "model.py: make new tensors with device=inputs.device"

# %% [markdown]
# **얼마나 빠를까요?** 파이썬은 GPU를 기다리지 않으므로, 시간을 잴 때는 기다려야 합니다.


# %%
def wait_for(device):
    """Wait until a GPU has done what it was told to."""
    if device.type != "cpu":
        torch.accelerator.synchronize()


def seconds(device, size=1024, rounds=5):
    """Return how long a product of two square tables takes on a device."""
    table = torch.rand(size, size, device=device)
    table = (table @ table).clamp(max=1)  # warms up, and is not counted
    wait_for(device)
    began = time.perf_counter()
    for _ in range(rounds):
        table = (table @ table).clamp(max=1)
    wait_for(device)
    return (time.perf_counter() - began) / rounds


on_cpu = seconds(torch.device("cpu"))
print(f"CPU: {1000 * on_cpu:.2f} ms")
if device.type != "cpu":
    print(f"{device}: {on_cpu / seconds(device):.0f} times as fast")

# %% [markdown]
# **비트 수가 적은 숫자**: 비트가 절반이면 메모리도 절반이고, 이를 지원하는 GPU에서는 더 빠릅니다.
# `autocast`는 자릿수가 적어도 되는 곳에만 씁니다. 가중치는 그대로입니다.

# %%
ones = torch.ones(2, 2, device=device)
with autocast(device, "bf16"):
    product = ones @ ones
print(product.dtype, product.element_size(), "bytes each")
assert product.element_size() == 2

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `engine/device.py`: `pick_device`, `autocast`
# - `engine/dataset.py`: `to_device`
#
# ## 더 읽어 보기
#
# - [CUDA 다루기](https://docs.pytorch.org/docs/stable/notes/cuda.html)
# - [`torch.Tensor.to`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html)
# - [`torch.autocast`](https://docs.pytorch.org/docs/stable/amp.html)
