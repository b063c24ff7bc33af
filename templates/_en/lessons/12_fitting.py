# %% [markdown]
# # 12. Over- and underfitting, and how to find a learning rate
#
# The loss on the training data says how well a network has learned these examples. Whether it
# has learned more than them, only other examples can say: the **validation data**, on which no
# step is taken. Look at both curves together. Here are 100 digits to learn from. About every fifth
# label is drawn by lot, for in real data some are wrong, too: also in the validation data, so the
# loss there cannot come near 0.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn import functional

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.digits import read_digits
from lessons.picture import show

pictures, digits = read_digits()
inputs = pictures.flatten(1) / 16  # (1797, 64)
torch.manual_seed(0)
by_lot = torch.rand(1797) < 0.2
labels = torch.where(by_lot, torch.randint(10, (1797,)), digits)


def measure(network, start, stop):
    """Return the loss on the examples from `start` to `stop`."""
    with torch.no_grad():
        return functional.cross_entropy(network(inputs[start:stop]), labels[start:stop]).item()


def fit(width, examples=100, weight_decay=0.0, dropout=0.0, epochs=50):
    """Train a network on the first examples, and return both losses after each epoch."""
    torch.manual_seed(0)
    first, last = nn.Linear(64, width), nn.Linear(width, 10)
    network = nn.Sequential(first, nn.ReLU(), nn.Dropout(dropout), last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=weight_decay)
    history = []
    for _ in range(epochs):
        network.train()
        loss = functional.cross_entropy(network(inputs[:examples]), labels[:examples])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        network.eval()
        history.append((measure(network, 0, examples), measure(network, 1000, 1400)))
    return torch.tensor(history)  # (epochs, 2): training, validation


# %% [markdown]
# **Underfitting**: both losses stay high. The network is too small, or training too short or too
# slow. **Overfitting**: the training loss falls on, the validation loss rises again. The network
# learns its examples by heart, with their wrong labels.

# %%
small = fit(width=2)
large = fit(width=128)
print("small: training loss {:.2f}, validation loss {:.2f}".format(*small[-1].tolist()))
print("large: training loss {:.2f}, validation loss {:.2f}".format(*large[-1].tolist()))
assert small[-1, 0] > 1.5
assert large[-1, 0] < 0.1
assert large[-1, 1] > 1.5 * large[:, 1].min()

# %% [markdown]
# Against overfitting: **more data** helps most. **Dropout** sets a share of the hidden values to
# zero in each step, **weight decay** pulls all weights a little towards zero in each step. **Early
# stopping** ends training when the validation loss has had no new lowest value for some epochs (the
# *patience*), and keeps the network of the best epoch. How much of each is best, the validation
# data say. Since you choose by them, the score comes from a third part, the test data.

# %%
remedies = {
    "nothing": large,
    "weight decay": fit(width=128, weight_decay=3.0),  # each step: weights * (1 - 0.01 * 3)
    "dropout": fit(width=128, dropout=0.7),
    "600 examples": fit(width=128, examples=600),
}
for name, history in remedies.items():
    lowest, epoch = history[:, 1].min(dim=0)
    last_loss = history[-1, 1]
    print(f"{name:13} validation loss {lowest:.2f} in epoch {epoch}, {last_loss:.2f} at the end")
    assert name == "nothing" or last_loss < 0.8 * large[-1, 1]

# %% [markdown]
# **The learning-rate range test**: train for some steps, each with a slightly higher rate, and
# draw the loss over the rate, on a logarithmic axis. First nothing happens, then the loss falls,
# then it leaps. Choose a rate where the loss falls steeply, clearly before the lowest place: a
# third to a tenth of the rate there. At the lowest place the rate is already too high.


# %%
def train(rates):
    """Train with SGD, a step with each of the rates, and return the losses and the network."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.SGD(network.parameters(), lr=1.0, momentum=0.9)
    losses = []
    for lr, indices in zip(rates, torch.randint(1000, (len(rates), 64)), strict=True):
        optimizer.param_groups[0]["lr"] = lr
        loss = functional.cross_entropy(network(inputs[indices]), labels[indices])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, network


rates = [1e-3]
while rates[-1] < 5:
    rates.append(rates[-1] * 1.15)
losses, _ = train(rates)
reached = {lr: measure(train([lr] * 60)[1], 1000, 1400) for lr in (0.001, 0.1, 2.0)}
print("validation loss after 60 steps:", {lr: round(loss, 2) for lr, loss in reached.items()})
assert reached[0.1] < min(reached[0.001], reached[2.0]) - 0.5

# %%
figure = Figure((10, 3.2), layout="constrained")
panels = figure.subplots(1, 4)
for axes, history in zip(panels, (small, large), strict=False):
    axes.plot(history[:, 0], label="training")
    axes.plot(history[:, 1], label="validation")
for name, history in remedies.items():
    panels[2].plot(history[:, 1], label=name)
panels[3].semilogx(rates, losses)
panels[3].axvspan(0.05, 0.17, color="tab:green", alpha=0.3, label="choose here")
titles = ("underfitting", "overfitting", "remedies: validation", "range test")
for axes, title in zip(panels, titles, strict=True):
    axes.set(title=title, xlabel="epoch", ylabel="loss", ylim=(0, 3.6))
    axes.legend(fontsize="small")
panels[3].set_xlabel("learning rate")
show(figure, "12_fitting.png")

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`, `make_optimizer`, `one_cycle`
# - `engine/plots.py`: `draw_curves`
#
# ## Read next
#
# - [Optimization](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
# - [How to adjust the learning rate](https://docs.pytorch.org/docs/stable/optim.html)
# - [`torch.optim.AdamW`](https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html)
# - [`torch.nn.Dropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html)
