# %% [markdown]
# # 14. Faster
#
# First measure, then change one thing, then measure again. What is faster depends on the
# machine: so this lesson prints times, and asserts only that the results stay the same.

# %%
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # the profiler then says nothing about itself
import torch
from matplotlib.figure import Figure
from torch import nn
from torch.autograd.graph import saved_tensors_hooks
from torch.profiler import ProfilerActivity, profile

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.picture import show
from model import build_model, compute_loss

config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.train, batch_size=64, settings=config, seed=0)))
model = build_model(config, data.info)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)


def step():
    optimizer.zero_grad()
    compute_loss(model, batch, config)[0].mean().backward()
    optimizer.step()


# %% [markdown]
# **Measure** a step of this project's network. The first call often takes longer, as memory is
# fetched and code is loaded: call before you measure (a **warm-up**). Then take the median of
# several times: one that is far off hardly changes it. Python does not wait for a GPU: there,
# call `torch.accelerator.synchronize()` before each look at the clock. **The profiler** says which
# operations the time goes to. "Self" is without the time of other operations that one calls.

# %%
times = []
for _ in range(9):
    start = time.perf_counter()
    step()
    times.append(1000 * (time.perf_counter() - start))  # milliseconds
print("milliseconds:", [round(one, 1) for one in times])

with profile(activities=[ProfilerActivity.CPU]) as profiled:
    step()
slowest = sorted(profiled.key_averages(), key=lambda one: one.self_cpu_time_total)[-8:]
figure = Figure((11, 3.5), layout="constrained")
panels = figure.subplots(1, 3)
panels[0].bar(range(1, 10), times)
panels[0].set(title="The first call warms up", xlabel="call", ylabel="milliseconds")
panels[1].barh([one.key[-30:] for one in slowest], [one.self_cpu_time_total for one in slowest])
panels[1].set(title="Where the time of a step goes", xlabel="microseconds, self")

# %% [markdown]
# **`torch.compile`** records what a function does with tensors, and a backend makes new code of
# it. The usual one fuses operations, so that fewer numbers travel to memory and back. Its first
# call takes seconds or minutes, and on a CPU it needs a C++ compiler. So here a backend of our own
# prints what was recorded, and runs it as it is: nothing gets faster. The real thing is
# `torch.compile(curve)`, or `--compile` in this project.


# %%
def curve(x):
    return torch.sin(x) * 2 + 1


def print_what_was_recorded(graph, inputs):
    print(graph.code.strip())
    return graph.forward


compiled = torch.compile(curve, backend=print_what_was_recorded)
torch.testing.assert_close(compiled(torch.ones(3)), curve(torch.ones(3)))

# %% [markdown]
# **bf16.** Under `autocast`, layers calculate with numbers of 16 bits: half the memory, and two
# to three digits. The weights stay float32. GPUs that are made for it can be much faster so; many
# CPUs are not. **Gradient accumulation** is a large batch in the memory of a small one: gradients
# add up, so four parts of 8 examples give the gradient of 32, if each mean loss is divided by 4.
# In this project: `--precision bf16`, `--accumulate 4`. Where reading the data takes longer than a
# step, `--num-workers 4` lets four processes prepare batches (`num_workers` of a DataLoader).

# %%
layer = nn.Linear(256, 256)
inputs, targets = torch.randn(2, 32, 256)
with torch.autocast("cpu", torch.bfloat16):
    outputs = layer(inputs)
assert (outputs.dtype, layer.weight.dtype) == (torch.bfloat16, torch.float32)
torch.testing.assert_close(outputs.float(), layer(inputs), rtol=0.02, atol=0.02)
nn.functional.mse_loss(layer(inputs), targets).backward()
whole = layer.weight.grad.clone()
layer.zero_grad()
for some_inputs, some_targets in zip(inputs.split(8), targets.split(8), strict=True):
    (nn.functional.mse_loss(layer(some_inputs), some_targets) / 4).backward()
torch.testing.assert_close(layer.weight.grad, whole)

# %% [markdown]
# **Memory.** A training keeps the weights, a gradient for each, two moments of Adam for each, and
# what `backward` needs of the forward pass, the **activations**. These alone grow with the batch.
# Under `torch.inference_mode` none are kept.


# %%
def activations(count):
    """Return the bytes that the forward pass of so many examples keeps for backward."""
    loader = make_loader(data.train, batch_size=count, settings=config, seed=0)
    kept = {}  # by where they lie in memory: some are kept twice
    with saved_tensors_hooks(lambda x: kept.setdefault(x.data_ptr(), x), lambda x: x):
        compute_loss(model, next(iter(loader)), config)
    weights = {weight.data_ptr() for weight in model.parameters()}
    return sum(tensor.nbytes for place, tensor in kept.items() if place not in weights)


sizes = {
    "weights": sum(weight.nbytes for weight in model.parameters()),
    "gradients": sum(w.grad.nbytes for w in model.parameters() if w.grad is not None),
    "Adam": sum(m["exp_avg"].nbytes + m["exp_avg_sq"].nbytes for m in optimizer.state.values()),
    "activations of 16": activations(16),
    "activations of 64": activations(64),
}
with torch.inference_mode():
    assert activations(16) == 0
assert sizes["Adam"] == 2 * sizes["gradients"]
panels[2].barh(sizes.keys(), [size / 1e6 for size in sizes.values()])
panels[2].set(title="Memory of a training", xlabel="megabytes")
show(figure, "14_time_and_memory.png")

# %% [markdown]
# ## In this project
#
# - `engine/device.py`: `autocast`
# - `train.py`: `train`
#
# ## Read next
#
# - [Performance tuning guide](https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html)
# - [Introduction to torch.compile](https://docs.pytorch.org/tutorials/intermediate/torch_compile_tutorial.html)
# - [`torch.profiler`](https://docs.pytorch.org/docs/stable/profiler.html)
