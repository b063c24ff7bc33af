# %% [markdown]
# # 7. GPU
#
# A GPU does thousands of small calculations at once. Tensors that meet must be in the same
# place, and `.to(device)` brings them there. The rest of the code stays as it is.
# Without a GPU this lesson runs on the CPU, and says so.

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
# **`.to(device)`** of a tensor returns a copy; the tensor itself stays where it was.
# Of a model it moves the weights themselves.

# %%
config, splits = Config(), load_splits(Config())
batch = next(iter(make_loader(splits["train"], config, batch_size=32, seed=0)))
moved = [tensor.to(device) for tensor in batch]
model = build_model(config, splits["classes"], splits["inputs"]).to(device)
losses, logits = score_batch(model, moved, config)
assert logits.device.type == device.type
assert batch[0].device.type == "cpu"

# %% [markdown]
# **How much faster?** Python does not wait for a GPU, so a fair clock has to.


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
# **Shorter numbers**: half as many bits are half the memory, and faster on GPUs made for it.
# `autocast` uses them where fewer digits will do; the weights stay as they are.

# %%
with autocast(device, "bf16"):
    product = torch.ones(2, 2, device=device) @ torch.ones(2, 2, device=device)
print(product.dtype, product.element_size(), "bytes each")
assert product.element_size() == 2

# %% [markdown]
# ## In this project
#
# - `device.py`: `pick_device`, `autocast`
#
# ## Read next
#
# - [CUDA semantics](https://docs.pytorch.org/docs/stable/notes/cuda.html)
# - [`torch.Tensor.to`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html)
# - [`torch.autocast`](https://docs.pytorch.org/docs/stable/amp.html)
