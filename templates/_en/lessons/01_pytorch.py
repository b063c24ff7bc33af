# %% [markdown]
# # 1. What PyTorch is
#
# PyTorch is a Python library of three parts. This lesson shows each of them once:
#
# - **tensors**: tables of numbers with any number of axes, on a CPU or a GPU;
# - **autograd**: finds out by itself how a result changes when the numbers change;
# - **`torch.nn` and `torch.optim`**: layers to build networks of, and what trains them.
#
# Run it cell by cell in VS Code or Jupyter, or as a whole: `python lessons/01_pytorch.py`.

# %%
import sys
from pathlib import Path

import torch

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from model import build_model, compute_loss

print("PyTorch", torch.__version__)

# %% [markdown]
# **A tensor** knows its shape, the type of its numbers and where they are.

# %%
table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(table.shape, table.dtype, table.device)
assert table.shape == (2, 3)
assert table.mean() == 3.5

# %% [markdown]
# **Autograd** remembers what was calculated, so it can go back and find the slope.

# %%
x = torch.tensor(3.0, requires_grad=True)
square = x * x
square.backward()
print("slope of x * x at 3:", x.grad)
assert x.grad == 6  # by hand: the slope of x * x is 2 x

# %% [markdown]
# **A network and an optimizer.** These are the ones of this project, with its own data.
# Ten times the network answers, the loss says how wrong it was, and each weight takes a
# small step to make the loss smaller. `train.py` has the same loop, for a whole training.

# %%
config = Config()
data = load_data(config)
loader = make_loader(data.train, batch_size=32, settings=config, seed=0)
print(len(loader), "batches to learn from, classes:", data.info.classes)
batch = next(iter(loader))  # a pair: inputs and labels

torch.manual_seed(0)  # the same first weights each time
model = build_model(config, data.info)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)
history = []
for _ in range(10):
    losses, logits = compute_loss(model, batch, config)  # (N,), (N, num_classes)
    loss = losses.mean()

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(loss.item())
print("loss:", " ".join(f"{loss:.2f}" for loss in history))
assert min(history) < history[0], "no step made the loss smaller: try another lr above"

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`
# - `model.py`: `build_model`, `compute_loss`
#
# ## Read next
#
# - [Learn the basics](https://docs.pytorch.org/tutorials/beginner/basics/intro.html)
# - [`torch.tensor`](https://docs.pytorch.org/docs/stable/generated/torch.tensor.html)
