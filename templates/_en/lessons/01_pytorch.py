# %% [markdown]
# # 1. What PyTorch is
#
# PyTorch is a Python library of three parts. This lesson shows each of them once:
#
# - **tensors**: tables of numbers with any number of axes, on a CPU or a GPU;
# - **autograd**: finds out by itself how a result changes when the numbers change;
# - **`torch.nn` and `torch.optim`**: the layers that networks are built of, and what trains them.
#
# Run it cell by cell in VS Code or Jupyter, or as a whole: `python lessons/01_pytorch.py`.

# %%
import sys
from pathlib import Path

import numpy
import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.picture import show
from model import build_model, compute_loss

print("Python", sys.version.partition(" ")[0], "NumPy", numpy.__version__)

# %% [markdown]
# Most packages tell their version as NumPy does here. PyTorch's may have an end that names
# the build: `+cpu`, or `+cu130` for CUDA 13.0, the software of NVIDIA's GPUs.
#
# **A tensor** knows its shape (the size of each axis), its `dtype` (the type of all its
# numbers) and its device (where they are).

# %%
table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(table.shape, table.dtype, table.device)
assert table.mean() == 3.5

# %% [markdown]
# **Autograd** remembers how a result was calculated. `backward` goes back from the result to
# `x` and writes the slope into `x.grad`: how fast the result grows when `x` grows.

# %%
x = torch.tensor(3.0, requires_grad=True)
(x * x).backward()
print("slope of x * x at 3:", x.grad)
assert x.grad == 6  # by hand: the slope of x * x is 2 x

# %% [markdown]
# **A network** calculates an answer from its inputs, layer by layer, with numbers of its own:
# its *weights*, also called parameters. Most are random at first; training changes them. The
# answers are called *logits*: raw scores, as a rule one for each class (lesson 4).
#
# **An optimizer** changes the weights, here those of this project's network, with its own data.
# Ten times the network answers for a batch, 32 examples together. The *loss* says how far the
# answers are from the labels, which are the right answers. `backward` finds the slope of the
# loss for each weight, and the optimizer moves each weight a small step, so that the loss
# becomes smaller: `lr`, the learning rate, says how large the steps are. AdamW is one of many
# optimizers; lesson 5 builds some. `train.py` has this loop too. The picture shows all three.

# %%
config = Config()
data = load_data(config)
print(len(data.train), "examples to learn from")
loader = make_loader(data.train, batch_size=32, settings=config, seed=0)
batch = next(iter(loader))  # a pair: the inputs and the labels of 32 examples
torch.manual_seed(0)  # the same first weights each time
model = build_model(config, data.info)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)
model.train()  # lesson 4 says what this switches
history = []
for _ in range(10):
    losses, _ = compute_loss(model, batch, config)  # the loss of each example
    loss = losses.mean()  # of all examples of the batch
    optimizer.zero_grad()  # forget the slopes of the step before
    loss.backward()  # the slope of the loss for each weight
    optimizer.step()  # move each weight a little
    history.append(loss.item())  # .item() makes a Python number of a tensor of one number
assert min(history) < history[0], "no step made the loss smaller: try another lr above"

# The rest of this cell draws the picture: no later lesson needs these lines.
figure = Figure((9, 3), layout="constrained")
left, middle, right = figure.subplots(1, 3)
left.imshow(table.numpy(), cmap="Blues", vmax=12)
for (row, column), number in numpy.ndenumerate(table.numpy()):
    left.text(column, row, number, ha="center", va="center")
left.set(title="a tensor of shape (2, 3)", xlabel="axis 1", ylabel="axis 0", xticks=[], yticks=[])
curve = torch.linspace(0, 5, 50)
middle.plot(curve, curve * curve, curve, 9 + x.grad * (curve - 3), "--")
middle.set(title="x * x, and its slope 6 at x = 3", xlabel="x")
right.plot(range(1, 11), history, "o-")
right.set(title="the loss in ten steps", xlabel="step", ylabel="loss")
show(figure, "01_pytorch.png")

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`
# - `model.py`: `build_model`, `compute_loss`
#
# ## Read next
#
# - [Learn the basics](https://docs.pytorch.org/tutorials/beginner/basics/intro.html)
# - [PyTorch documentation](https://docs.pytorch.org/docs/stable/index.html)
# - [`torch.tensor`](https://docs.pytorch.org/docs/stable/generated/torch.tensor.html)
