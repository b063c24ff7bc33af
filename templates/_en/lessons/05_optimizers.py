# %% [markdown]
# # 5. Optimizers
#
# The loss is a landscape over the parameters. A **gradient** points uphill, and an **optimizer**
# takes a step down. Each step of a training is three calls:
#
# - `optimizer.zero_grad()` clears the gradients of the step before: `backward` would add to them.
# - `loss.backward()` puts a gradient into the `.grad` of each parameter.
# - `optimizer.step()` changes each parameter by means of its `.grad`.

# %%
import math
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.picture import show


def valley(point):
    return point[0] ** 2 + 20 * point[1] ** 2  # steeper along y; the lowest point is (0, 0)


def walk(optimizer_class, **settings):
    """Return the points that an optimizer visits in 40 steps (40, 2), and the losses there."""
    point = torch.tensor([-4.0, 1.5], requires_grad=True)
    optimizer = optimizer_class([point], **settings)
    points, losses = [], []
    for _ in range(40):
        loss = valley(point)
        points.append(point.tolist())
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.tensor(points), losses


# %% [markdown]
# **SGD** (stochastic gradient descent: of random batches) steps against the gradient: the step is
# the gradient times the learning rate `lr`. **The learning rate comes first**: if it is too low,
# hardly anything happens; if too high, each step lands higher on the other side: the loss explodes.

# %%
by_rate = {lr: walk(torch.optim.SGD, lr=lr)[1] for lr in (0.0001, 0.01, 0.04, 0.052)}
for lr, losses in by_rate.items():
    print(f"SGD, lr {lr}: loss", " ".join(f"{loss:.3g}" for loss in losses[::13]))  # each 13th
assert by_rate[0.04][-1] < by_rate[0.01][-1] < by_rate[0.0001][-1] < 61 < by_rate[0.052][-1]

# %% [markdown]
# **The others remember**, for each parameter by itself. What they remember is zero at first.
#
# - **Momentum** keeps a velocity: 0.9 (`beta`) of what it was, plus the gradient. Where the
#   gradients agree, it grows; where they change their sign, they cancel out.
# - **RMSprop** keeps a mean square: 0.99 (`alpha`) of what it was, and 0.01 of the gradient's
#   square. It divides the gradient by the root of that. Gradients of 40 have the root 40, those of
#   2 have 2: divided, both are 1. So a steep axis and a flat one move alike.
# - **Adam** keeps both, as running means: with 0.9 (`beta1`) and 0.999 (`beta2`). They begin at
#   zero, so they are too small at first: in step n it divides them by `1 - 0.9**n` and
#   `1 - 0.999**n`. **AdamW** (lesson 1) also makes each weight a little smaller in each step.
#
# Here they are by hand: what this function returns, times `lr`, is the step.


# %%
def direction(name, gradient, memory):
    if name == "SGD":
        return gradient
    if name == "momentum":
        memory["velocity"] = 0.9 * memory["velocity"] + gradient
        return memory["velocity"]
    if name == "RMSprop":
        memory["mean_square"] = 0.99 * memory["mean_square"] + 0.01 * gradient**2
        return gradient / (memory["mean_square"].sqrt() + 1e-8)  # 1e-8: it never divides by 0
    memory["n"] += 1  # Adam
    memory["mean"] = 0.9 * memory["mean"] + 0.1 * gradient
    memory["mean_square"] = 0.999 * memory["mean_square"] + 0.001 * gradient**2
    corrected_mean = memory["mean"] / (1 - 0.9 ** memory["n"])
    corrected_square = memory["mean_square"] / (1 - 0.999 ** memory["n"])
    return corrected_mean / (corrected_square.sqrt() + 1e-8)


walks = {
    "SGD": walk(torch.optim.SGD, lr=0.01),
    "momentum": walk(torch.optim.SGD, lr=0.01, momentum=0.9),
    "RMSprop": walk(torch.optim.RMSprop, lr=0.1),
    "Adam": walk(torch.optim.Adam, lr=0.3),
}
for (name, (points, _)), lr in zip(walks.items(), (0.01, 0.01, 0.1, 0.3), strict=True):
    memory = {"n": 0, "velocity": 0, "mean": 0, "mean_square": 0}
    point = torch.tensor([-4.0, 1.5])
    for expected in points:
        assert torch.allclose(point, expected, atol=1e-4)  # PyTorch's optimizer does the same
        gradient = torch.stack([2 * point[0], 40 * point[1]])  # of the valley
        point = point - lr * direction(name, gradient, memory)

# %% [markdown]
# **A schedule** changes the learning rate in training: large steps first, small ones to settle.
# With `CosineAnnealingLR` it falls from `lr` to 0 in `T_max` steps, like half a cosine wave: after
# a share of them it is `lr` times `(1 + cos(pi * share)) / 2`. Often a **warm-up** comes before it:
# the rate grows in even steps, because Adam's first means are of few gradients.
#
# **What the picture shows**: after 40 steps plain SGD still creeps along the flat ground. Momentum
# and Adam were faster, but ran past the lowest point, and still swing around it. RMSprop is the
# lowest, in this valley and at these rates. In a training each batch has another gradient, and a
# mean over many helps: Adam is a good first choice. No optimizer is the best everywhere.

# %%
optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=40)
rates = []
for _ in range(40):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()  # in a training, zero_grad and backward stand before it
    scheduler.step()  # after the optimizer's step
assert math.isclose(rates[10], 0.1 * (1 + math.cos(math.pi * 10 / 40)) / 2)

figure = Figure((12, 4), layout="constrained")
left, middle, right = figure.subplots(1, 3, width_ratios=(3, 4, 3))
for lr, losses in by_rate.items():
    left.semilogy(losses, label=f"lr {lr}")
left.set(title="SGD: the learning rate comes first", xlabel="step", ylabel="loss, on a log scale")
left.legend()
x, y = torch.meshgrid(torch.linspace(-4.5, 3, 60), torch.linspace(-2, 2, 60), indexing="xy")
middle.contour(x, y, valley((x, y)), 15, colors="0.8")
middle.plot(-4, 1.5, "ko", label="start")
for name, (points, losses) in walks.items():
    middle.plot(points[:, 0], points[:, 1], ".-", label=f"{name}: ends at {losses[-1]:.2g}")
middle.set(title="40 steps; contours: the loss", xlabel="x", ylabel="y")
middle.legend(fontsize="small")
right.plot(rates, ".-")
right.set(title="a cosine schedule", xlabel="step", ylabel="learning rate")
show(figure, "05_valley.png")
ends = {name: losses[-1] for name, (_, losses) in walks.items()}
assert ends["RMSprop"] < min(ends["momentum"], ends["Adam"]) < ends["SGD"] / 2

# %% [markdown]
# ## In this project
#
# - `train.py`: `make_optimizer`, `one_cycle`
#
# ## Read next
#
# - [Optimization](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
# - [All optimizers and schedules: torch.optim](https://docs.pytorch.org/docs/stable/optim.html)
# - [`torch.optim.Adam`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html)
