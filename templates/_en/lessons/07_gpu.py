# %% [markdown]
# # 7. GPU
#
# A GPU does thousands of small calculations at once. Tensors that meet must be on the same
# device, and `.to(device)` brings them there. The rest of the code stays as it is.
# Without a GPU this lesson runs on the CPU, and says so.

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
# **`.to(device)`** of a tensor returns a tensor on that device; the first one stays where it
# was. A model moves its own weights.

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
# **How much faster?** Python does not wait for a GPU, so a fair clock has to.


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
# **Shorter numbers**: half as many bits are half the memory, and faster on GPUs made for it.
# `autocast` uses them where fewer digits will do; the weights stay as they are.

# %%
ones = torch.ones(2, 2, device=device)
with autocast(device, "bf16"):
    product = ones @ ones
print(product.dtype, product.element_size(), "bytes each")
assert product.element_size() == 2

# %% [markdown]
# ## In this project
#
# - `engine/device.py`: `pick_device`, `autocast`
# - `engine/dataset.py`: `to_device`
#
# ## Read next
#
# - [CUDA semantics](https://docs.pytorch.org/docs/stable/notes/cuda.html)
# - [`torch.Tensor.to`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html)
# - [`torch.autocast`](https://docs.pytorch.org/docs/stable/amp.html)
