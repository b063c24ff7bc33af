# %% [markdown]
# # 6. Data
#
# A **Dataset** is a class that answers two questions: how many examples are there (`__len__`), and
# what is example number `index` (`__getitem__`)? It may read files only when it is asked for them.
# An example is mostly a pair: the input and its label.

# %%
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch.utils.data import DataLoader, Dataset

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.digits import read_digits
from lessons.picture import show

torch.manual_seed(0)


class Digits(Dataset):
    """Handwritten digits: a picture (1, 8, 8) float32 in 0..1, and which digit it is."""

    def __init__(self, transform=None):
        pictures, digits = read_digits()  # (1797, 8, 8) from 0 to 16, and (1797,)
        self.pictures, self.labels = pictures[:200], digits[:200]
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        picture = self.pictures[index].unsqueeze(0) / 16
        if self.transform is not None:
            picture = self.transform(picture)
        return picture, int(self.labels[index])


# %% [markdown]
# An **epoch** is one pass of a training over all its data. Other data are kept back, for
# **validation**: how good is the network on what it has not learned from?
#
# A **transform** changes an example on its way. A random one is an **augmentation**: in each epoch
# the example looks a little different, and its label is still true. (Mirrored, a 2 is no 2.) Only
# training data get it.
#
# Mind the type: pictures in files are mostly `torch.uint8`, 0 to 255. Beyond 255 it starts again at
# 0, so 250 + 10 is 4. Calculate in a larger type, `clamp` it, go back: `.to(torch.uint8)`.


# %%
def vary(picture):
    """Return the picture (1, 8, 8) moved by up to a pixel, less bright, and with noise."""
    padded = F.pad(picture, (1, 1, 1, 1))  # zeros left, right, at the top, below: (1, 10, 10)
    down, right = torch.randint(3, (2,)).tolist()  # two of 0, 1 and 2: 3 is left out
    moved = padded[:, down : down + 8, right : right + 8]
    brightness = 0.5 + 0.5 * torch.rand(1)
    return (brightness * moved + 0.1 * torch.randn(1, 8, 8)).clamp(0, 1)


plain = Digits()
varied = Digits(transform=vary)
sixteen = torch.stack([plain[3][0], *[varied[3][0] for _ in range(15)]])  # (16, 1, 8, 8)
assert not torch.equal(varied[3][0], varied[3][0])

# %% [markdown]
# A **DataLoader** asks a Dataset for batch after batch: of 10 examples, 4 at a time, come 4, 4 and
# 2. With `shuffle=True` each epoch has another order. A **collate function** makes a batch out of a
# list of examples; the default one stacks them, so they must have one shape. For texts of different
# length you write one. This one cuts all to the shortest. What is cut off is lost: more often one
# fills the short ones up, as you will in an exercise.


# %%
def cut(examples):
    """Return a batch of pairs (text, label): the texts (N, shortest), the labels (N,)."""
    shortest = min(len(text) for text, _ in examples)
    texts = torch.stack([text[:shortest] for text, _ in examples])
    return texts, torch.tensor([label for _, label in examples])


sizes = [len(labels) for pictures, labels in DataLoader(plain, batch_size=64, shuffle=True)]
assert sizes == [64, 64, 64, 8]  # 200 examples
sentences = [(torch.tensor([3, 1, 4]), 0), (torch.tensor([1, 5]), 1)]  # a list is a Dataset, too
texts, labels = next(iter(DataLoader(sentences, batch_size=2, collate_fn=cut)))
assert texts.tolist() == [[3, 1], [1, 5]]

# %% [markdown]
# **A split leaks** where the same thing is in training and in validation. Here are four photos of
# each of 40 written digits, with other light and noise. A simple method reads them: it takes the
# label of the *nearest* training photo. If the *photos* are split at random, nearly each one of the
# validation has a sister in training, and to remember is enough. If the *digits* are split, each
# with all its photos, the nearest photo is of another written digit, and the score is the honest
# one. With a leak many of the nearest are very near. All pictures of a person belong on one side.

# %%
digit_of = torch.arange(40).repeat_interleave(4)  # 0 0 0 0 1 1 1 1 ...
photos = torch.stack([plain[digit][0].flatten() for digit in digit_of])  # (160, 64)
photos = photos * (0.8 + 0.2 * torch.rand(160, 1)) + 0.1 * torch.randn(160, 64)
labels = torch.tensor([plain[digit][1] for digit in digit_of])

figure = Figure((9, 4), layout="constrained")
left, right = figure.subplots(1, 2)
leaking = torch.rand(160) < 0.4  # True: this photo is for validation
clean = (torch.rand(40) < 0.4)[digit_of]  # True: this digit is, with all its photos
scores = []
for name, val in (("photos split", leaking), ("digits split", clean)):
    distances = torch.cdist(photos[val], photos[~val])  # a row for each of val; ~val: not val
    distance, number = distances.min(dim=1)  # two: the smallest of each row, and its column
    scores.append((labels[~val][number] == labels[val]).float().mean().item())
    right.hist(distance, range=(0, 3), bins=20, alpha=0.6, label=f"{name}: {scores[-1]:.0%} right")
assert scores[0] > scores[1] + 0.05
right.set(title="a leak: a training photo is very near", xlabel="distance to it", ylabel="photos")
right.legend()
large = F.interpolate(sixteen, scale_factor=4, mode="bilinear")  # (16, 1, 32, 32)
framed = F.pad(large, (1, 1, 1, 1), value=1).view(4, 4, 34, 34)  # in 4 rows of 4
left.imshow(framed.transpose(1, 2).reshape(136, 136), cmap="gray")
left.set(title="top left: a picture, then it is varied", xticks=[], yticks=[])
show(figure, "06_sixteen.png")

# %% [markdown]
# **The data of this project** are three Datasets that share no example: `train` to learn from,
# `val` to choose with, `test` to be judged by, once, at the end. `make_loader` returns a DataLoader
# whose order depends on the seed and the epoch alone.

# %%
config = Config()
data = load_data(config)
print(len(data.train), "train,", len(data.val), "val,", len(data.test), "test")
first = [next(iter(make_loader(data.train, 8, config, seed=seed)))[1] for seed in (0, 0)]
assert torch.equal(first[0], first[1])

# %% [markdown]
# ## In this project
#
# - `data.py`: `load_data`
# - `engine/loader.py`: `make_loader`
#
# ## Read next
#
# - [Datasets and DataLoaders](https://docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html)
# - [Transforms](https://docs.pytorch.org/tutorials/beginner/basics/transforms_tutorial.html)
# - [All about loading: torch.utils.data](https://docs.pytorch.org/docs/stable/data.html)
