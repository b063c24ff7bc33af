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
from data import load_splits
from loading.sampler import make_loader
from model import build_model, score_batch

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
# Five times the network answers, the loss says how wrong it was, and each weight takes a
# small step to make the loss smaller. `train.py` is this loop, with care.

# %%
config = Config()
splits = load_splits(config)
batch = next(iter(make_loader(splits["train"], config, batch_size=32, seed=0)))
print("a batch:", [tuple(tensor.shape) for tensor in batch], "classes:", splits["classes"])

torch.manual_seed(0)  # the same first weights each time
model = build_model(config, splits["classes"], splits["inputs"])
optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)
history = []
for _ in range(5):
    losses, logits = score_batch(model, batch, config)  # (N,), (N, num_classes)
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    history.append(losses.mean().item())
print("loss:", " ".join(f"{loss:.2f}" for loss in history))
assert history[-1] < history[0]

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`, `train_epoch`
# - `model.py`: `build_model`, `score_batch`
#
# ## Read next
#
# - [Learn the basics](https://docs.pytorch.org/tutorials/beginner/basics/intro.html)
# - [`torch.tensor`](https://docs.pytorch.org/docs/stable/generated/torch.tensor.html)
