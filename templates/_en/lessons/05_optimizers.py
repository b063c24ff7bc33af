# %% [markdown]
# # 5. Optimizers
#
# Autograd says in which direction, the optimizer how far. **SGD** goes straight against the
# gradient: `weight - lr * gradient`.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))

weight = torch.tensor([2.0], requires_grad=True)
(weight**2).sum().backward()  # the gradient is 4
torch.optim.SGD([weight], lr=0.25).step()
assert weight.item() == 2 - 0.25 * 4

# %% [markdown]
# **The learning rate** comes first: too low, nothing happens; too high, the loss explodes.


# %%
def valley(point):
    x, y = point
    return x**2 + 20 * y**2  # far steeper along the second axis


def descend(optimizer_class, **settings):
    """Return the points that an optimizer visits in 40 steps (40, 2), and the losses there."""
    point = torch.tensor([-4.0, 1.5], requires_grad=True)
    optimizer = optimizer_class([point], **settings)
    points = []
    losses = []
    for _ in range(40):
        loss = valley(point)
        points.append(point.tolist())
        losses.append(loss.item())

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.tensor(points), losses


last = {}
for lr in (0.0001, 0.01, 0.06):
    points, losses = descend(torch.optim.SGD, lr=lr)
    print(f"SGD, lr {lr}: loss", " ".join(f"{loss:.3g}" for loss in losses[::10]))
    last[lr] = losses[-1]
assert last[0.01] < last[0.0001] < last[0.06]

# %% [markdown]
# **Momentum** keeps some of the speed of the steps before. **RMSprop and Adam** divide by the
# usual size of each gradient, so a steep axis and a flat one move alike; Adam also has momentum.
# Here momentum swings to and fro: no optimizer is the best in every valley. Look at
# `runs/lessons/05_valley.png`.

# %%
walks = {
    "SGD": descend(torch.optim.SGD, lr=0.01),
    "SGD with momentum": descend(torch.optim.SGD, lr=0.01, momentum=0.9),
    "RMSprop": descend(torch.optim.RMSprop, lr=0.1),
    "Adam": descend(torch.optim.Adam, lr=0.3),
}
figure = Figure((6, 4), layout="constrained")
axes = figure.subplots()
x, y = torch.meshgrid(torch.linspace(-4.5, 2, 90), torch.linspace(-2, 2, 90), indexing="xy")
axes.contour(x, y, valley((x, y)), 20, colors="0.8")
for name, (points, losses) in walks.items():
    print(f"{name:17} from {losses[0]:.1f} to {losses[-1]:.4f}")
    axes.plot(points[:, 0], points[:, 1], ".-", label=name)
    assert losses[-1] < losses[0] / 10
axes.legend()
folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure.savefig(folder / "05_valley.png")

# %% [markdown]
# ## In this project
#
# - `train.py`: `make_optimizer`
#
# ## Read next
#
# - [Optimization](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
# - [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html)
# - [`torch.optim.Adam`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html)
