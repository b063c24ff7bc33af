# %% [markdown]
# # 8. Saving and loading
#
# What a network has learned is in its weights. `state_dict()` gives them as a dict from name to
# tensor, and all else that belongs to it, as the running means of a BatchNorm; but no code.

# %%
import sys
from pathlib import Path
from pickle import UnpicklingError
from tempfile import TemporaryDirectory

import torch
from matplotlib.figure import Figure
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from engine.checkpoint import load_checkpoint, save_checkpoint
from lessons.picture import show


def build_model():
    return nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))


model = build_model()
for name, tensor in model.state_dict().items():
    print(f"{name:8} {tuple(tensor.shape)}")
print("a BatchNorm:", *nn.BatchNorm1d(3).state_dict())

# %% [markdown]
# **Save, load.** `weights_only=True` reads tensors and plain values, and refuses all else: a file
# could hide a program in it, which would run as it is read. So save a `state_dict`, and never a
# whole network. `map_location="cpu"` reads what a GPU wrote where there is none.

# %%
with TemporaryDirectory() as folder:
    path = Path(folder) / "weights.pt"
    torch.save(model.state_dict(), path)
    loaded = torch.load(path, map_location="cpu", weights_only=True)
    torch.save(model, path)  # the whole network
    try:
        torch.load(path, weights_only=True)
        raise AssertionError("a whole network was read")
    except UnpicklingError as error:
        print(str(error)[:90], "...")
assert loaded.keys() == model.state_dict().keys()

# %% [markdown]
# **A new network** has other weights, until it gets the saved ones. Then it answers the same.
# Names and shapes must fit: another network refuses them, and says where.

# %%
twin = build_model()
inputs = torch.linspace(-3, 3, 64).unsqueeze(1)  # (64, 1)
assert not torch.equal(twin(inputs), model(inputs))
twin.load_state_dict(loaded)
assert torch.equal(twin(inputs), model(inputs))

try:
    nn.Linear(2, 2).load_state_dict(loaded)
    raise AssertionError("another network took the weights")
except RuntimeError as error:
    print(" ".join(str(error).split())[:90], "...")

# %% [markdown]
# **A state_dict is no copy.** It holds the weights themselves: training changes them in the dict,
# too. To keep the best ones in memory, keep a `clone()` of each tensor.

# %%
weight = model.state_dict()["0.weight"]
kept = weight.clone()
with torch.no_grad():
    model[0].weight += 1  # as a training step would change it
assert torch.equal(weight, model[0].weight)  # changed, too
assert not torch.equal(kept, weight)

# %% [markdown]
# **Going on** takes more than weights. Adam keeps two means for each weight. Without them its
# first step moves each weight by all of `lr`, as at the very start. So a checkpoint holds the
# optimizer's state, too, and the training goes on as if never stopped. The picture shows both.


# %%
def begin():
    torch.manual_seed(0)
    model = build_model()
    return {"model": model, "optimizer": torch.optim.Adam(model.parameters(), lr=0.03)}


def train(parts, steps):
    model, optimizer = parts["model"], parts["optimizer"]
    history = []
    for _ in range(steps):
        loss = (model(inputs) - torch.sin(inputs)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


whole = train(begin(), 200)
stopped = begin()
train(stopped, 100)
with TemporaryDirectory() as folder:
    path = Path(folder) / "last.pt"
    torch.save({name: part.state_dict() for name, part in stopped.items()}, path)
    went_on = {}
    for names in (("model", "optimizer"), ("model",)):  # with the optimizer's state, and without
        checkpoint = torch.load(path, weights_only=True)
        parts = begin()
        for name in names:
            parts[name].load_state_dict(checkpoint[name])
        went_on[names] = train(parts, 100)
exactly, forgetful = went_on.values()
assert exactly == whole[100:]
assert max(forgetful) > 5 * max(exactly)

figure = Figure((7, 3), layout="constrained")
axes = figure.subplots()
axes.semilogy(whole, color="0.8", linewidth=6, label="never stopped")
axes.semilogy(range(100, 200), exactly, label="stopped at 100, gone on with the optimizer's state")
axes.semilogy(range(100, 200), forgetful, label="without it")
axes.set(xlabel="step", ylabel="loss", title="A checkpoint needs the optimizer's state")
axes.legend(loc="upper right", fontsize="small")
show(figure, "08_going_on.png")

# %% [markdown]
# **Killed while it writes**, a program leaves a damaged file, and the one before it is gone.
# `save_checkpoint` writes it whole or not at all, and `load_checkpoint` checks it.

# %%
with TemporaryDirectory() as folder:
    save_checkpoint(Path(folder, "last.pt"), {"model": model.state_dict(), "epoch": 3})
    assert load_checkpoint(Path(folder, "last.pt"))["epoch"] == 3

# %% [markdown]
# ## In this project
#
# - `engine/checkpoint.py`: `save_checkpoint`, `load_checkpoint`, `load_model`
# - `engine/run.py`: `Run`
#
# ## Read next
#
# - [Saving and loading models](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html)
# - [Save and load the model](https://docs.pytorch.org/tutorials/beginner/basics/saveloadrun_tutorial.html)
# - [`torch.save`](https://docs.pytorch.org/docs/stable/generated/torch.save.html)
# - [`torch.load`](https://docs.pytorch.org/docs/stable/generated/torch.load.html)
