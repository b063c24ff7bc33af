# %% [markdown]
# # 6. Data
#
# A **Dataset** answers "give me example 7". A **DataLoader** asks it for batch after batch,
# in a new order in each epoch. A **transform** changes an example on its way.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch.utils.data import DataLoader, Dataset

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_splits
from loading.sampler import make_loader


class Squares(Dataset):
    def __len__(self):
        return 10

    def __getitem__(self, index):
        return index / 10, index**2  # the transform: from 0 to 9, now from 0 to 1


print("one example:", Squares()[7])
loader = DataLoader(Squares(), batch_size=4, shuffle=True)
for numbers, squares in loader:
    print("batch:", numbers.tolist(), squares.tolist())
assert len(squares) == 2  # 10 examples are 4 + 4 + 2

# %% [markdown]
# **The data of this project** come in three parts that share no example: `train` to learn
# from, `val` to choose with, `test` to be judged by, once, at the end. They answer with a
# whole batch at once, which is faster. The order depends on the seed and the epoch alone.

# %%
config, splits = Config(), load_splits(Config())
print({name: len(splits[name]) for name in ("train", "val", "test")})
loaders = [make_loader(splits["train"], config, batch_size=64, seed=s) for s in (0, 0, 1)]
batch, again, other = (next(iter(loader)) for loader in loaders)
print("batch:", [tuple(tensor.shape) for tensor in batch], "batches:", len(loaders[0]))
assert torch.equal(batch[-1], again[-1])
assert not torch.equal(batch[-1], other[-1])

# %% [markdown]
# **Look at your data**: `runs/lessons/06_batch.png` shows a few examples and their labels.

# %%
inputs, names = batch[0][:12], [splits["classes"][label] for label in batch[-1][:12]]
axes = (figure := Figure((8, 3), layout="constrained")).subplots()
if inputs.ndim == 4:  # images (N, C, H, W): side by side
    axes.imshow(torch.cat([*inputs[:, 0]], dim=1).numpy(), cmap="gray")  # (H, N * W)
    axes.set_xticks([(number + 0.5) * inputs.shape[3] for number in range(12)], names)
else:  # rows: columns of a table on the same scale, or characters by number, 0 behind the end
    table = inputs.unique(return_inverse=True)[1]
    if inputs.is_floating_point():
        table = (inputs - inputs.mean(dim=0)) / inputs.std(dim=0)
    axes.imshow(table.numpy(), cmap="gray", aspect="auto")
    axes.set_yticks(range(12), names)
folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure.savefig(folder / "06_batch.png")

# %% [markdown]
# ## In this project
#
# - `data.py`: `load_splits`
# - `loading/sampler.py`: `make_loader`, `BatchSampler`
#
# ## Read next
#
# - [Datasets and DataLoaders](https://docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html)
# - [`torch.utils.data.DataLoader`](https://docs.pytorch.org/docs/stable/data.html)
