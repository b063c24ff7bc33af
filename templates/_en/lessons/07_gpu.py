# %% [markdown]
# # 7. GPU
#
# A GPU does thousands of small calculations at once. It has a memory of its own, so tensors must
# be brought there. The rest of the code stays as it is. Without a GPU this lesson runs on the
# CPU, and says so.

# %%
import sys
import time
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from engine.device import pick_device
from lessons.picture import show

device = pick_device("auto")
print("this machine has", device if device.type != "cpu" else "no GPU: all is done on the CPU")

# %% [markdown]
# **`.to(device)` of a tensor** returns a tensor on that device, and the first one stays where it
# was: use what it returns. **`.to(device)` of a model** moves the weights of the model itself.
# The device `meta` is there on every machine. Its tensors have a shape, but no numbers, so it
# shows who is where.

# %%
tensor = torch.ones(2, 3)
moved = tensor.to("meta")
assert moved.device.type == "meta"
assert tensor.device.type == "cpu"  # not moved

model = nn.Linear(3, 2)
model.to("meta")
assert model.weight.device.type == "meta"  # moved

# %% [markdown]
# **Tensors that meet must be on one device.** With a GPU the error says: "Expected all tensors to
# be on the same device, but found at least two devices, cuda:0 and cpu!" Usually a batch was not
# moved, or a new tensor was made on the CPU: then make it with `device=inputs.device`.

# %%
try:
    model(tensor)  # the weights are on meta, the inputs are not
    raise AssertionError("two devices met, and no error came")
except RuntimeError as error:
    print(error)
model(tensor.to(model.weight.device))

# %% [markdown]
# **A training on a GPU** moves the model once, before the optimizer is made, and each batch as it
# comes. `.item()` and `print` bring a number back, and wait for it.

# %%
model = nn.Linear(3, 2).to(device)
batches = [(torch.randn(8, 3), torch.randint(2, (8,))) for _ in range(4)]  # on the CPU
for inputs, labels in batches:
    inputs, labels = inputs.to(device), labels.to(device)
    loss = nn.functional.cross_entropy(model(inputs), labels)
    loss.backward()  # in a training, the optimizer takes its step now
print(f"loss: {loss.item():.3f}")
assert loss.device.type == device.type
assert batches[0][0].device.type == "cpu"

# %% [markdown]
# **How much faster?** Python only tells a GPU what to do, and does not wait for it. So a fair
# clock calls `synchronize` before it starts and before it stops. The first call is not counted:
# it also loads what is needed. In the picture the time grows with the third power of the size,
# once the tables are large. For small ones giving the order takes longer than the product: there
# the curve is flat, and a GPU is no faster.


# %%
def seconds(device, size, rounds=3):
    """Return how long a product of two square tables takes on a device."""
    table = torch.rand(size, size, device=device)
    product = table @ table
    if device.type != "cpu":
        torch.accelerator.synchronize()
    began = time.perf_counter()
    for _ in range(rounds):
        product = table @ table
    if device.type != "cpu":
        torch.accelerator.synchronize()
    assert product.shape == table.shape
    return (time.perf_counter() - began) / rounds


sizes = [16, 32, 64, 128, 256, 512, 1024]
figure = Figure((6, 3.6), layout="constrained")
axes = figure.subplots()
devices = [torch.device("cpu")] + [device] * (device.type != "cpu")
for one in devices:
    times = [seconds(one, size) for size in sizes]
    print(f"{one}: {1000 * times[-1]:.2f} ms for a size of {sizes[-1]}")
    axes.loglog(sizes, times, "o-", label=f"{one}, measured")
    if one.type == "cpu":
        cubes = [times[-1] * (size / sizes[-1]) ** 3 for size in sizes]
        assert times[-1] > times[0]
axes.loglog(sizes, cubes, "--", color="grey", label="third power of the size")
axes.set(xlabel="size of the square tables", ylabel="seconds", title="One product of two tables")
axes.set_xticks(sizes, sizes)
axes.legend()
show(figure, "07_product.png")

# %% [markdown]
# **bfloat16** has 16 bits, float32 has 32: half the memory, and faster on GPUs made for it. It
# keeps only two or three digits. So `torch.autocast` uses it where that is enough, as in products
# of tables; the weights and their gradients stay float32. Only the forward pass stands inside.

# %%
weights = model.weight
print(weights.dtype, weights.numel(), "numbers of", weights.element_size(), "bytes")
with torch.autocast(device.type, torch.bfloat16):
    outputs = model(inputs)
print("under autocast:", outputs.dtype, outputs.element_size(), "bytes")
assert outputs.dtype == torch.bfloat16
outputs.float().sum().backward()
assert weights.dtype == weights.grad.dtype == torch.float32
assert torch.tensor(1.001).bfloat16() == 1  # rounded

# %% [markdown]
# ## In this project
#
# - `engine/device.py`: `pick_device`, `autocast`
# - `engine/dataset.py`: `to_device`
#
# ## Read next
#
# - [CUDA semantics](https://docs.pytorch.org/docs/stable/notes/cuda.html)
# - [Tensors, and how they move](https://docs.pytorch.org/tutorials/beginner/basics/tensorqs_tutorial.html)
# - [Mixed precision](https://docs.pytorch.org/tutorials/recipes/recipes/amp_recipe.html)
# - [`torch.Tensor.to`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html)
# - [`torch.autocast`](https://docs.pytorch.org/docs/stable/amp.html)
