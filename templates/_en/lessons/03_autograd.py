# %% [markdown]
# # 3. Autograd
#
# The gradient says for each number: raise it a little, and the loss changes by so much.
# Training is nothing but going against the gradient, again and again.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from model import build_model, compute_loss

weight = torch.tensor(3.0, requires_grad=True)
loss = (weight - 5) ** 2
loss.backward()  # from the loss back to the weight, filling in weight.grad
print("gradient at 3:", weight.grad)
assert weight.grad == 2 * (3 - 5)  # by hand: the slope of (w - 5)^2 is 2 (w - 5)

# %% [markdown]
# **Gradients add up** until they are cleared. So each training step calls
# `optimizer.zero_grad()` before `backward`. Forgetting it is the classic bug: no error, only
# bad learning.

# %%
((weight - 5) ** 2).backward()
assert weight.grad == -4 - 4

# %% [markdown]
# **Going downhill**: six steps against the gradient. A step itself is not to be remembered,
# so it is taken under `no_grad`.

# %%
path = [weight.item()]
for _ in range(6):
    (gradient,) = torch.autograd.grad((weight - 5) ** 2, weight)  # backward, without adding up
    with torch.no_grad():
        weight -= 0.2 * gradient
    path.append(weight.item())
print("weight:", " ".join(f"{step:.2f}" for step in path))
assert abs(path[-1] - 5) < 0.1

folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure = Figure((5, 3), layout="constrained")
axes = figure.subplots()
curve = torch.linspace(2.5, 7.5, 100)
axes.plot(curve, (curve - 5) ** 2, "grey")
steps = torch.tensor(path)
axes.plot(steps, (steps - 5) ** 2, "o-")
axes.set(xlabel="weight", ylabel="loss")
figure.savefig(folder / "03_downhill.png")

# %% [markdown]
# **The network of this project** has many weights, and one `backward` finds all gradients.

# %%
config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.train, batch_size=32, settings=config, seed=0)))
model = build_model(config, data.info)
losses, logits = compute_loss(model, batch, config)
losses.mean().backward()
found = 0
for name, weights in model.named_parameters():
    if weights.grad is not None:  # a layer that is frozen gets none
        print(f"{name:25} {tuple(weights.shape)}")
        assert weights.grad.shape == weights.shape
        found += 1
assert found > 0, "no weight got a gradient: compute_loss must calculate with the model's outputs"

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`
# - `model.py`: `compute_loss`
# - `engine/evaluation.py`: `evaluate`
#
# ## Read next
#
# - [Autograd](https://docs.pytorch.org/tutorials/beginner/basics/autogradqs_tutorial.html)
# - [`torch.no_grad`](https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html)
