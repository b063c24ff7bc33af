# %% [markdown]
# # 4. Neural networks
#
# Layers, one behind the other. Each holds weights and turns a tensor into another.

# %%
import sys
from pathlib import Path

import torch
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from model import build_model, compute_loss

# %% [markdown]
# **Linear**: each output is a weighted sum of all inputs. For features without an order.

# %%
layer = nn.Linear(3, 2)
examples = torch.randn(4, 3)
print("linear:", tuple(examples.shape), "->", tuple(layer(examples).shape))
torch.testing.assert_close(layer(examples), examples @ layer.weight.T + layer.bias)

# %% [markdown]
# **Convolutional**: a small filter looks for the same thing everywhere in a picture; this
# one answers where dark turns to light from left to right.

# %%
image = torch.tensor([[0.0, 0.0, 1.0, 1.0]] * 3).view(1, 1, 3, 4)  # (N, C, H, W)
edge = nn.Conv2d(1, 1, kernel_size=(1, 2), bias=False)
edge.weight.data = torch.tensor([-1.0, 1.0]).view(1, 1, 1, 2)
print("convolution:", edge(image)[0, 0].tolist())
assert edge(image)[0, 0].tolist() == [[0, 1, 0]] * 3

# %% [markdown]
# **Recurrent**: reads a sequence step by step and keeps a state, so the order counts.

# %%
reader = nn.GRU(2, 5, batch_first=True)
sequence = torch.randn(1, 6, 2)  # (N, T, features)
states, last = reader(sequence)
print("recurrent:", tuple(sequence.shape), "->", tuple(states.shape), tuple(last.shape))
assert not torch.allclose(last, reader(sequence.flip(1))[1])  # read backwards

# %% [markdown]
# **Activations** bend: two linear layers with none between them are only one.
# **The loss** compares the logits (raw scores) with the right class in one number.

# %%
assert nn.ReLU()(torch.tensor([-2.0, 3.0])).tolist() == [0, 3]
logits = torch.tensor([2.0, 0.0, -1.0])  # one raw score per class; class 0 is right
loss = nn.CrossEntropyLoss()(logits, torch.tensor(0))
torch.testing.assert_close(loss, -logits.softmax(dim=0)[0].log())

# %% [markdown]
# **The network of this project**: forward to the logits, backward to the gradients.

# %%
config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.train, batch_size=32, settings=config, seed=0)))
model = build_model(config, data.info)
print(model)
print(sum(weights.numel() for weights in model.parameters()), "weights")
losses, logits = compute_loss(model, batch, config)  # forward
losses.mean().backward()
print("losses:", tuple(losses.shape), "logits:", tuple(logits.shape))
assert len(losses) == len(logits) == len(batch[1]), "compute_loss: one loss for each example"

# %% [markdown]
# ## In this project
#
# - `model.py`: `build_model`, `compute_loss`
#
# ## Read next
#
# - [Build the network](https://docs.pytorch.org/tutorials/beginner/basics/buildmodel_tutorial.html)
# - [`torch.nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html)
# - [`torch.nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html)
