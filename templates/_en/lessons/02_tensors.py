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
from data import load_splits
from loading.sampler import make_loader

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
# **A batch of this project**: one or more input tensors, the labels last. The first axis of
# each is the batch. Everything behind it describes one example.

# %%
config = Config()
splits = load_splits(config)
*inputs, labels = next(iter(make_loader(splits["train"], config, batch_size=32, seed=0)))
for tensor in inputs:
    print("input:", tuple(tensor.shape), tensor.dtype)
print("labels:", tuple(labels.shape), labels.dtype, "of each class:", labels.bincount())
assert all(len(tensor) == len(labels) for tensor in inputs)

# %% [markdown]
# ## In this project
#
# - `data.py`: `load_splits`, `read_inputs`
#
# ## Read next
#
# - [Tensors](https://docs.pytorch.org/tutorials/beginner/basics/tensorqs_tutorial.html)
# - [`torch.Tensor`](https://docs.pytorch.org/docs/stable/tensors.html)
# - [Broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html)
