# %% [markdown]
# # 2. Tensors
#
# Almost every mistake with tensors is a mistake with shapes. So look at shapes first: print
# them, write them behind the line as a comment, know what each axis stands for.

# %%
import sys
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.picture import show

print(torch.tensor([4, 5]), torch.zeros(2, 3), torch.arange(4), torch.linspace(0, 1, 3))
torch.manual_seed(0)  # the same random numbers each time
table = torch.rand(2, 3)  # random numbers from 0 up to 1
print(table, table < 0.2)  # each of the second is True with a probability of 0.2
print(torch.randn(2, 3))  # around 0, normally distributed: two of three are between -1 and 1
array = np.array([1.5, 2.5])  # the type of such numbers is float64 in NumPy, float32 in PyTorch
tensor = torch.from_numpy(array)  # and back: tensor.numpy(). Both share one memory:
tensor[0] = 9
assert array[0] == 9
print(tensor.dtype, tensor.float().dtype)  # torch.float64; .float() is a copy in torch.float32

# %% [markdown]
# **`*` and `@`**: `+`, `-`, `*`, `/` and `==` go number by number. `@` is the matrix product: a
# row of the left times a column of the right, number by number, added up, for each row and each
# column. Both need the same `dtype`: an error message calls float64 *double*, float32 *float*.

# %%
points = torch.arange(6.0).reshape(2, 3)  # 2 rows, 3 columns: 0 1 2, 3 4 5
product = points @ torch.tensor([[1.0], [0.0], [2.0]])  # (2, 3) @ (3, 1) = (2, 1)
assert product.tolist() == [[4], [13]]  # 0 + 0 + 2 * 2, 3 + 0 + 2 * 5

# %% [markdown]
# **Views** show the same numbers, as a rule in the same memory, with other axes: `reshape` reads
# them row by row, `.T` turns rows into columns, `[:, None]` puts in an axis of size 1 behind the
# first axis, and `[None]` one in front. Sizes are whole numbers, so divide them with `//`:
# `height / 2` would be a number with a point, which is no size.
#
# `torch.stack([a, b])` makes a new tensor of tensors of one shape: they lie along a new axis 0.

# %%
blocks = torch.arange(12).reshape(2, 3, 2)  # 2 rows of 3 blocks of 2 numbers
assert blocks[1, 0].tolist() == [6, 7]  # in the second row the first block
print(points.T.shape, points[:, None].shape, points[None].shape)  # (3, 2), (2, 1, 3), (1, 2, 3)
assert torch.stack([points[0], points[1]]).shape == (2, 3)  # of two tensors (3,)

# %% [markdown]
# **Indexing** takes a number or a slice for each axis. A list or a tensor of whole numbers takes
# those rows, in that order; one for the rows and one for the columns make pairs. A *mask*, a
# `bool` for each row, takes the rows where it is True; `~mask` is its opposite.

# %%
print("second row:", points[1], "last column:", points[:, -1])
assert points[[0, 1, 1], [0, 2, 0]].tolist() == [0, 5, 3]  # at (0, 0), (1, 2) and (1, 0)
assert points[torch.tensor([1, 0, 1])].tolist() == [[3, 4, 5], [0, 1, 2], [3, 4, 5]]
mask = points[:, 0] > 2  # for each row: is its first number above 2? False, True
assert points[mask].tolist() == [[3, 4, 5]]
assert points[~mask].tolist() == [[0, 1, 2]]

# %% [markdown]
# **Reducing** (`sum`, `mean`, `std`, `max`) takes axes away: `dim` names the axis that disappears.
# Of shape (2, 3), `sum(dim=0)` leaves (3,), and `sum(dim=1)` leaves (2,).
#
# `std`, the standard deviation, says how far numbers lie from their mean: it squares the
# distances, adds them up, divides the sum and takes the root. PyTorch divides by N - 1 where there
# are N numbers, with `correction=0` by N.

# %%
assert points.sum(dim=0).tolist() == [3, 5, 7]  # (2, 3) becomes (3,): each column added up
assert points.sum(dim=1).tolist() == [3, 12]  # (2, 3) becomes (2,): each row added up
assert blocks.sum(dim=2).tolist() == [[1, 5, 9], [13, 17, 21]]  # each block added up
assert blocks.sum(dim=(0, 2)).tolist() == [14, 22, 30]  # two axes at once
values, places = points.max(dim=1)  # of each row: its largest number, and in which column it is
assert [values.tolist(), places.tolist()] == [[2, 5], [2, 2]]
three = torch.tensor([1.0, 3.0, 5.0])  # mean 3; squared distances from it: 4, 0, 4
assert three.std() == 2  # the root of 8 / 2
print(three.std(correction=0))  # the root of 8 / 3: 1.633

# %% [markdown]
# **Broadcasting**: shapes are compared from the last axis on. An axis of size 1, or one that
# is missing in front, is repeated to fit; so (2, 1) + (3,) is a table of all sums. If shapes do
# not fit, the error names a *non-singleton dimension*: an axis whose size is not 1. **Puzzles**:
# say which shape each pair gives before you run it, and which pair does not fit.

# %%
for first, second in [((2, 3), (3,)), ((4, 1, 3), (5, 1)), ((2, 3), (2, 1)), ((2, 3), (2,))]:
    try:
        print(first, second, "->", tuple(torch.broadcast_shapes(first, second)))
    except RuntimeError:
        print(first, second, "do not fit: 3 columns against 2")
assert (points - points.mean(dim=0)).mean(dim=0).tolist() == [0, 0, 0]  # (2, 3) - (3,)
tens, ones = torch.tensor([[10], [20]]), torch.tensor([1, 2, 3])  # (2, 1) and (3,)
# ones[None] is a view of (1, 3), so that it can be drawn; expand repeats as broadcasting does.
grids = {"tens (2, 1)": tens, "ones (3,)": ones[None], "tens repeated": tens.expand(2, 3)}
grids |= {"+ ones repeated": ones.expand(2, 3), "= tens + ones (2, 3)": tens + ones}
figure = Figure((10, 1.7), layout="constrained")
for axes, (name, grid) in zip(figure.subplots(1, 5), grids.items(), strict=True):
    axes.imshow(grid.numpy(), cmap="Blues", vmin=-10, vmax=40)
    for (row, column), number in np.ndenumerate(grid.numpy()):
        axes.text(column, row, number, ha="center", va="center")
    axes.set(title=name, xlim=(-0.5, 2.5), ylim=(1.5, -0.5), frame_on=False, xticks=[], yticks=[])
show(figure, "02_broadcasting.png")

# %% [markdown]
# **The type of the numbers** matters: pixels are often stored in one byte, `uint8`, which
# starts again at 0 after 255. `.float()` (float32), `.long()` (int64) and `.to(torch.uint8)`
# change the type; comparing gives `bool`.
#
# **A batch of this project** is a pair: inputs (one tensor, or a tuple of several) and labels.
# The first axis of each is the batch; those behind it describe one example.

# %%
pixel = torch.tensor([250], dtype=torch.uint8)
assert (pixel + 10).item() == 4
print(pixel.float() + 10, pixel > 200, (pixel > 200).long())  # 260.0, True, 1
print(torch.tensor([2.7]).to(torch.uint8))  # 2: what stands behind the point is cut off
loader = make_loader(load_data(Config()).train, batch_size=32, settings=Config(), seed=0)
inputs, labels = next(iter(loader))
for tensor in inputs if isinstance(inputs, tuple) else (inputs,):
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
