# %% [markdown]
# # 9. A classifier from nothing
#
# A Dataset, a network, a loop: all of it in one file. Of the project it needs only the digits, and
# the function that shows a picture. The network learns to read digits that people wrote by hand.
# Then you see what it mixes up: its worst mistakes.

# %%
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.digits import read_digits
from lessons.picture import show

# %% [markdown]
# **The data**: 1,797 pictures of 8 by 8 pixels, 0 to 16, and which digit each is. The training
# set is to learn from, the validation set to watch, the test set to be judged by, at the end.


# %%
class Digits(Dataset):
    """Pictures (1, 8, 8) float32 in 0..1, and the digit that each shows."""

    def __init__(self):
        pictures, self.labels = read_digits()  # (1797, 8, 8) from 0 to 16, and (1797,)
        self.images = pictures / 16

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index].unsqueeze(0), self.labels[index]


torch.manual_seed(0)
# Who wrote which digit is not in these data: a writer may be on both sides, a leak (lesson 6).
train_set, val_set, test_set = random_split(Digits(), [1197, 300, 300])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
val_loader = DataLoader(val_set, batch_size=300)

# %% [markdown]
# **The network**: a convolution, then two linear layers. Dropout sets half of the hidden numbers
# to 0, at random, in training alone. So the network must be told whether it trains: `train()`
# switches dropout on, `eval()` off.


# %%
class Classifier(nn.Module):
    """Pictures (N, 1, 8, 8) in, logits (N, 10) out."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(1, 16, kernel_size=3, padding=1)
        self.hidden = nn.Linear(16 * 4 * 4, 64)
        self.dropout = nn.Dropout(0.5)
        self.output = nn.Linear(64, 10)

    def forward(self, images):
        maps = F.max_pool2d(self.convolution(images).relu(), 2)  # (N, 16, 4, 4)
        hidden = self.hidden(maps.flatten(1)).relu()  # (N, 64)
        return self.output(self.dropout(hidden))


model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

# %% [markdown]
# **The loop**: an epoch trains on each batch once, then looks at the validation set. Evaluation
# needs no gradients, and changes nothing. `argmax` gives the place of the highest number.


# %%
def count_right(loader):
    """Return how many examples the model answers rightly."""
    model.eval()
    right = 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images).argmax(dim=1) == labels).sum().item()
    return right


for epoch in range(1, 6):
    model.train()  # count_right has switched it off
    for images, labels in train_loader:
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: validation accuracy {count_right(val_loader) / len(val_set):.3f}")

# %% [markdown]
# **The test** comes last. The confusion matrix counts the answers: a row for each true digit, a
# column for each answer. Right answers are on its diagonal. The worst mistakes are the examples
# with the highest loss: the network was sure, and wrong. Look at them: some labels may be wrong.
# `argsort` gives the places of all numbers, sorted.

# %%
images, labels = next(iter(DataLoader(test_set, batch_size=len(test_set))))
model.eval()
with torch.no_grad():
    logits = model(images)
losses = F.cross_entropy(logits, labels, reduction="none")  # one for each example
answers = logits.argmax(dim=1)
right = (answers == labels).sum().item()
print(f"test accuracy: {right / len(test_set):.3f}")
assert right > 0.9 * len(test_set)

figure = Figure((9, 4), layout="constrained")
left, beside = figure.subfigures(1, 2, width_ratios=[5, 4])
axes = left.subplots()
edges = torch.arange(11) - 0.5  # of the fields: each digit is in the middle of its own
counts, *_ = axes.hist2d(answers, labels, bins=edges, cmap="Blues", vmax=80)
for column, row in zip(*counts.nonzero(), strict=True):
    axes.text(column, row, f"{counts[column, row]:.0f}", ha="center", va="center")
axes.set(xlabel="answer", ylabel="true digit", xticks=range(10), yticks=range(10), aspect="equal")
axes.invert_yaxis()  # 0 is at the top
axes.set_title("Test: right answers are on the diagonal")
beside.suptitle("The highest losses")
for axes, index in zip(beside.subplots(2, 3).flat, losses.argsort(descending=True), strict=False):
    axes.imshow(images[index, 0], cmap="gray_r")
    axes.set_title(f"{labels[index]}, answer {answers[index]}", fontsize="medium")
    axes.set_axis_off()
show(figure, "09_mistakes.png")

# %% [markdown]
# ## In this project
#
# The same parts, made to last:
#
# - `data.py`: `load_data`
# - `model.py`: `build_model`, `compute_loss`
# - `train.py`: `train`, `train_epoch`
# - `engine/evaluation.py`: `evaluate`
# - `engine/plots.py`: `draw_classes`
# - `engine/mistakes.py`: `find_mistakes`, `draw_mistakes`
#
# ## Read next
#
# - [Training a classifier](https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html)
# - [Quickstart](https://docs.pytorch.org/tutorials/beginner/basics/quickstart_tutorial.html)
# - [`torch.nn.Module`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html)
