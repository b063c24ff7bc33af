# %% [markdown]
# # 2. Tensors
#
# Almost every mistake with tensors is a mistake with shapes. So look at shapes first: print
# them, write them behind the line as a comment, know what each axis stands for.

# %%
import sys
from pathlib import Path

import torch

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader

points = torch.arange(6).reshape(2, 3)  # 2 rows, 3 columns
print(points, points.shape)
print("second row:", points[1], "last column:", points[:, -1])
assert points[1].tolist() == [3, 4, 5]

# %% [markdown]
# **Reducing** takes an axis away: `dim=0` goes down the columns, `dim=1` along the rows.

# %%
print("sums:", points.sum(dim=0), points.sum(dim=1))
assert points.sum(dim=1).tolist() == [3, 12]

# %% [markdown]
# **Broadcasting**: an axis of size 1, or one that is missing in front, is repeated to fit.
# No loop is needed to take its mean from each column, or to compare all with all.

# %%
columns = points.float()
centred = columns - columns.mean(dim=0)  # (2, 3) - (3,)
print(centred)
assert centred.mean(dim=0).tolist() == [0, 0, 0]

labels = torch.tensor([2, 0])
matches = labels[:, None] == torch.arange(3)  # (2, 1) == (3,) gives (2, 3)
print(matches)
assert matches.long().argmax(dim=1).tolist() == labels.tolist()

# %% [markdown]
# **The type of the numbers** (`dtype`) matters: pixels are often stored in one byte,
# which starts again at 0 after 255.

# %%
pixel = torch.tensor([250], dtype=torch.uint8)
print(pixel + 10, pixel.float() + 10)
assert (pixel + 10).item() == 4
assert (pixel.float() + 10).item() == 260

# %% [markdown]
# **A batch of this project** is a pair: inputs and labels. The inputs are one tensor, or a
# tuple of several. The first axis of each is the batch; those behind it describe one example.

# %%
config = Config()
data = load_data(config)
loader = make_loader(data.train, batch_size=32, settings=config, seed=0)
inputs, labels = next(iter(loader))
if not isinstance(inputs, tuple):
    inputs = (inputs,)  # one tensor
for tensor in inputs:
    print("inputs:", tuple(tensor.shape), tensor.dtype)
    assert len(tensor) == len(labels), "data.py: each example has one input and one label"
print("labels:", tuple(labels.shape), labels.dtype, labels[:8])

# %% [markdown]
# ## In this project
#
# - `data.py`: `load_data`, `read_input`
#
# ## Read next
#
# - [Tensors](https://docs.pytorch.org/tutorials/beginner/basics/tensorqs_tutorial.html)
# - [`torch.Tensor`](https://docs.pytorch.org/docs/stable/tensors.html)
# - [Broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html)
