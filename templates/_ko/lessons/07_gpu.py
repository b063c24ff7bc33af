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
from data import load_splits
from device import autocast, pick_device
from loading.sampler import make_loader
from model import build_model, score_batch

device = pick_device("auto")
print("this machine has", device if device.type != "cpu" else "no GPU: all is done on the CPU")

# %% [markdown]
# **`.to(device)`**: 텐서에서는 복사본을 돌려주고, 원래 텐서는 있던 곳에 그대로 있습니다.
# 모델에서는 가중치 자체를 옮깁니다.

# %%
config, splits = Config(), load_splits(Config())
batch = next(iter(make_loader(splits["train"], config, batch_size=32, seed=0)))
moved = [tensor.to(device) for tensor in batch]
model = build_model(config, splits["classes"], splits["inputs"]).to(device)
losses, logits = score_batch(model, moved, config)
assert logits.device.type == device.type
assert batch[0].device.type == "cpu"

# %% [markdown]
# **얼마나 빠를까요?** 파이썬은 GPU를 기다리지 않으므로, 시간을 잴 때는 기다려야 합니다.


# %%
def seconds(place, size=1024, rounds=5):
    """Return how long a product of two square tables takes there."""
    table = torch.rand(size, size, device=place)
    for number in range(rounds + 1):
        if number == 1:  # the round before only warmed up
            began = time.perf_counter()
        table = (table @ table).clamp(max=1)
        if place.type != "cpu":
            torch.accelerator.synchronize()
    return (time.perf_counter() - began) / rounds


on_cpu = seconds(torch.device("cpu"))
print(f"CPU: {1000 * on_cpu:.2f} ms")
if device.type != "cpu":
    print(f"{device}: {on_cpu / seconds(device):.0f} times as fast")

# %% [markdown]
# **짧은 숫자**: 비트가 절반이면 메모리도 절반이고, 이를 지원하는 GPU에서는 더 빠릅니다.
# `autocast`는 자릿수가 적어도 되는 곳에만 씁니다. 가중치는 그대로입니다.

# %%
with autocast(device, "bf16"):
    product = torch.ones(2, 2, device=device) @ torch.ones(2, 2, device=device)
print(product.dtype, product.element_size(), "bytes each")
assert product.element_size() == 2

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `device.py`: `pick_device`, `autocast`
#
# ## 더 읽어 보기
#
# - [CUDA 다루기](https://docs.pytorch.org/docs/stable/notes/cuda.html)
# - [`torch.Tensor.to`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html)
# - [`torch.autocast`](https://docs.pytorch.org/docs/stable/amp.html)
