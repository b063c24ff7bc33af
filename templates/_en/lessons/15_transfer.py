# %% [markdown]
# # 15. Somebody else's model
#
# A network that somebody has trained on many examples has learned features that are of use for
# other data, too. To take them over is called **transfer learning**. Here a network that knows
# the digits 0 to 4 learns the digits 5 to 9, from ten pictures of each.

# %%
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.digits import read_digits
from lessons.picture import show

# %% [markdown]
# **The task** is made hard on purpose: each digit lies somewhere in a larger, noisy picture. What
# is noise, and that the place does not matter, is hard to learn from ten pictures.


# %%
def noisy(digits):
    """Return pictures (N, 1, 12, 12), each digit (8, 8) somewhere in noise."""
    pictures = 0.2 * torch.randn(len(digits), 1, 12, 12)
    corners = torch.randint(5, (len(digits), 2)).tolist()
    for picture, digit, (top, left) in zip(pictures, digits, corners, strict=True):
        picture[0, top : top + 8, left : left + 8] += digit
    return pictures


def new_model(classes):
    """Return a new network: the features (N, 32), and the head, which makes logits of them."""
    features = nn.Sequential(
        nn.Conv2d(1, 8, kernel_size=3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 32, kernel_size=3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
        nn.AdaptiveMaxPool2d(1), nn.Flatten(),  # (N, 32): how much of each is anywhere
    )  # fmt: skip
    return nn.Sequential(features, nn.Linear(32, classes))


def train(model, inputs, labels, optimizer, steps):
    for _ in range(steps):
        chosen = torch.randint(len(inputs), (48,))
        loss = F.cross_entropy(model(inputs[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


torch.manual_seed(1)
images, labels = read_digits()
images = images / 16  # (N, 8, 8) in 0..1
is_old = labels < 5

# %% [markdown]
# **Somebody** has trained a network on 3604 pictures: the digits 0 to 4, each turned in four ways,
# so 20 classes. You get the file of its weights, and read it as lesson 8 says. **You** have the
# digits 5 to 9: ten pictures of each to learn from. All others are the test.

# %%
turned = [noisy(images[is_old].rot90(turn, dims=(1, 2))) for turn in range(4)]
classes = [labels[is_old] + 5 * turn for turn in range(4)]
theirs = new_model(20)
optimizer = torch.optim.Adam(theirs.parameters(), lr=5e-3)
train(theirs, torch.cat(turned), torch.cat(classes), optimizer, steps=150)
with TemporaryDirectory() as folder:
    torch.save(theirs.state_dict(), Path(folder) / "weights.pt")
    state = torch.load(Path(folder) / "weights.pt", map_location="cpu", weights_only=True)

inputs, targets = noisy(images[~is_old]), labels[~is_old] - 5
chosen = torch.cat([torch.where(targets == label)[0][:10] for label in range(5)])
is_test = torch.ones(len(targets), dtype=torch.bool)
is_test[chosen] = False
few, few_targets = inputs[chosen], targets[chosen]  # 50 pictures


def accuracy(model):
    with torch.inference_mode():
        return (model(inputs[is_test]).argmax(dim=1) == targets[is_test]).float().mean().item()


# %% [markdown]
# **1. From scratch**, for comparison. **2. A new head**: their last layer knew other classes, so
# a new one takes its place, and it alone learns. All else is **frozen**: `requires_grad` is off,
# and in `eval` mode the statistics of normalisation stay. What frozen layers make of a picture
# never changes, so it is computed once. **3. Fine-tuning**: then all learn, and the old layers
# with a smaller learning rate, so that they do not forget. An optimizer takes such groups.

# %%
new = new_model(5)
train(new, few, few_targets, torch.optim.Adam(new.parameters(), lr=5e-3), steps=60)
scores = {"from scratch": accuracy(new)}

model = new_model(20)
model.load_state_dict(state)
model.eval()
features, model[1] = model[0], nn.Linear(32, 5)
features.requires_grad_(False)
once = features(few)  # (50, 32)
train(model[1], once, few_targets, torch.optim.Adam(model[1].parameters(), lr=0.01), steps=200)
scores["new head"] = accuracy(model)
for name, tensor in features.state_dict().items():
    assert torch.equal(tensor, state[f"0.{name}"])

features.requires_grad_(True)
groups = [
    {"params": model[1].parameters(), "lr": 5e-3},
    {"params": features.parameters(), "lr": 1e-3},
]
train(model, few, few_targets, torch.optim.Adam(groups), steps=60)
scores["fine-tuned"] = accuracy(model)
print("accuracy:", {way: round(score, 2) for way, score in scores.items()})
assert scores["fine-tuned"] > scores["from scratch"]

figure = Figure((8, 3), layout="constrained")
panels = figure.subplots(1, 2)
panels[0].imshow(torch.cat(list(few[::10, 0]), dim=1), cmap="gray")
panels[0].set(title="A picture of each new class", xticks=[], yticks=[])
panels[1].bar(scores.keys(), scores.values())
panels[1].set(title="Ten pictures of each class to learn from", ylabel="test accuracy")
show(figure, "15_three_ways.png")

# %% [markdown]
# **In a project that sorts** pictures or texts into classes, `--backbone NAME` takes a network that
# has learned from millions of examples. For any data, `--init-from RUN` begins with the weights of
# a run of your own; if the classes are others, the last layer is new. In both cases
# `--frozen-epochs` says how long the rest stays frozen, and `--backbone-lr` is its learning rate.

# %% [markdown]
# ## In this project
#
# - `engine/learned.py`: `set_frozen`, `new_weights`, `learned_weights`
# - `train.py`: `make_optimizer`
#
# ## Read next
#
# - [Transfer learning](https://docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html)
# - [`torch.nn.Module.requires_grad_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html)
# - [Optimizers, and options for each parameter](https://docs.pytorch.org/docs/stable/optim.html)
