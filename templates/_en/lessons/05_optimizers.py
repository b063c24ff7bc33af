# %% [markdown]
# # 5. Optimizers
#
# Autograd says in which direction, the optimizer how far. **SGD** goes straight against the
# gradient: `weight - lr * gradient`.

# %%
import sys
from dataclasses import replace
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from train import make_optimizer


def valley(point):
    return (point**2 * torch.tensor([1.0, 20.0])).sum(dim=-1)  # far steeper along the second axis


def descend(name, lr):
    """Return the points that one of this project's optimizers visits, and the losses there."""
    place = torch.nn.ParameterList([torch.tensor([-4.0, 1.5])])
    optimizer = make_optimizer(place, replace(Config(), optimizer=name, lr=lr, weight_decay=0.0))
    points = []
    for _ in range(40):
        points.append(place[0].detach().clone())
        optimizer.zero_grad()
        valley(place[0]).backward()
        optimizer.step()
    return torch.stack(points), valley(torch.stack(points))


weight = torch.tensor([2.0], requires_grad=True)
(weight**2).sum().backward()  # the gradient is 4
torch.optim.SGD([weight], lr=0.25).step()
assert weight.item() == 2 - 0.25 * 4

# %% [markdown]
# **The learning rate** comes first: too low, nothing happens; too high, the loss explodes.

# %%
for lr in (0.0001, 0.01, 0.1):
    print(f"sgd, lr {lr}: loss", " ".join(f"{loss:.3g}" for loss in descend("sgd", lr)[1][::10]))
assert descend("sgd", 0.01)[1][-1] < 1 < 1000 < descend("sgd", 0.1)[1][-1]

# %% [markdown]
# **RMSprop and Adam** divide by the usual size of each gradient, so a steep axis and a flat
# one move alike. Adam also keeps some of its speed. Look at `runs/lessons/05_valley.png`.

# %%
axes = (figure := Figure((6, 4), layout="constrained")).subplots()
across, up = torch.linspace(-4.5, 2, 90), torch.linspace(-2, 2, 90)
axes.contour(across, up, valley(torch.cartesian_prod(across, up)).view(90, 90).T, 20, colors="0.8")
for name, lr in (("sgd", 0.01), ("rmsprop", 0.1), ("adam", 0.2)):
    points, losses = descend(name, lr)
    print(f"{name:8} from {losses[0]:.1f} to {losses[-1]:.4f}")
    axes.plot(*points.T, ".-", label=name)
    axes.legend()
    assert losses[-1] < losses[0] / 100
folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure.savefig(folder / "05_valley.png")

# %% [markdown]
# ## In this project
#
# - `train.py`: `make_optimizer`, `one_cycle`
#
# ## Read next
#
# - [Optimization](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
# - [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html)
# - [`torch.optim.Adam`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html)
