# %% [markdown]
# # 11. Ten mistakes
#
# PyTorch computes what you write, also where you meant something else. Everybody makes these ten
# mistakes, and most of them raise no error. Learn what they look like, and two checks to begin
# with. **The first loss**: a new network knows nothing, so with 10 classes its loss is about
# log(10), 2.3. **A few examples by heart**: a right program brings their loss close to 0.

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

pictures, labels = read_digits()  # uint8 from 0 to 16; 10 classes
pixels = pictures.flatten(1)  # (1797, 64)


def train(inputs=pixels / 16, labels=labels, end=(), lr=0.5, clear=True, steps=60, only=1797):
    """Train a new network on the first `only` examples, and return it and each step's loss."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10), *end)
    optimizer = torch.optim.SGD(network.parameters(), lr=lr)
    history = []
    for indices in torch.randint(only, (steps, 64)):
        if clear:
            optimizer.zero_grad()
        loss = functional.cross_entropy(network(inputs[indices]), labels[indices])
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return network, history


network, right = train()
_, by_heart = train(only=8)
print(f"first loss {right[0]:.2f}, eight examples by heart {by_heart[-1]:.3f}")
assert abs(right[0] - 2.3) < 0.2
assert by_heart[-1] < 0.1

# %% [markdown]
# Five mistakes that the loss shows. **1 Softmax twice**: `cross_entropy` takes logits and has a
# softmax of its own; with a second one the loss hardly falls, and never below 1.46. **2 No
# `zero_grad`**: at first faster than the right program, then the loss rises, as each step repeats
# all those before it. **3 Learning rate too high**: the loss leaps in the first steps. **4 Shuffled
# labels**: inputs and labels in two different orders. It looks like mistake 1 here, but a few
# examples are learned by heart. **5 dtype**: `uint8` has no -8 and counts down from 255, so 0 - 8
# is 248. The first loss is far from 2.3, then it leaps, and no ReLU is above 0 any more: print
# dtype, lowest and highest value of the inputs.

# %%
wrapped = (pixels - 8) / 8
print("(pixels - 8) / 8:", wrapped.dtype, "from", wrapped.min().item(), "to", wrapped.max().item())
assert wrapped.min() == 0  # it should have been -1
broken = {
    "1 softmax twice": train(end=[nn.Softmax(dim=1)]),
    "2 no zero_grad": train(clear=False),
    "3 learning rate 20": train(lr=20),
    "4 shuffled labels": train(labels=labels[torch.randperm(1797)]),
    "5 uint8 below 0": train(inputs=wrapped),
}
figure = Figure((9, 2.6), layout="constrained")
panels = figure.subplots(1, 5, sharey=True)
for axes, (name, (_, history)) in zip(panels, broken.items(), strict=True):
    axes.plot(right, color="0.7", label="right")
    axes.plot(history, color="tab:red", label="broken")
    axes.set(title=name, xlabel="step", ylim=(0, 5))
    assert sum(history[-10:]) > 2 * sum(right[-10:])
    print(f"{name:18} first loss {history[0]:5.2f}, last {history[-1]:.2f}")
panels[0].set_ylabel("loss")
panels[0].legend(loc="upper right")
show(figure, "11_mistakes.png")

# %% [markdown]
# **When the loss leaps, find the layer**: print how large the gradient of each layer is. It is
# made of what comes in from the layers before and of what comes back from those behind. So weights
# that are far too large show in all *other* layers. Mend that layer before you lower the learning
# rate. `nn.utils.clip_grad_norm_` limits the gradients that are there when it is called.

# %%
deep = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
nn.init.normal_(deep[2].weight)  # 14 times its usual size
functional.cross_entropy(deep(pixels / 16), labels).backward()
sizes = {layer: deep[layer].weight.grad.norm().item() for layer in (0, 2, 4)}
print("gradients:", ", ".join(f"layer {layer} {size:.2f}" for layer, size in sizes.items()))
assert min(sizes, key=sizes.get) == 2

# %% [markdown]
# **6 Silent broadcasting**: (N, 1) with (N,) makes (N, N), so each prediction is compared with
# all labels. Print shapes. **7 No `eval()`**: in training mode dropout draws anew, and batch
# normalisation lets examples change each other's answer. Measure twice: is it the same number?

# %%
predictions = network(pixels / 16).argmax(dim=1, keepdim=True)  # (N, 1): the axis stays
hits = predictions == labels
print("hits", tuple(hits.shape), f"mean {hits.float().mean():.2f}: the mistake")
assert hits.shape == (1797, 1797)
assert (predictions[:, 0] == labels).float().mean() > 0.5 > hits.float().mean()

shaky = nn.Sequential(network, nn.Dropout(0.5))
print("twice:", [shaky(pixels[:9] / 16).sum().item() for _ in range(2)])
torch.testing.assert_close(shaky.eval()(pixels / 16), network(pixels / 16))

# %% [markdown]
# **8 Leakage**: something of the validation data is in training, and the score is too good. Train
# once with labels drawn by lot: of 10 classes, more than an accuracy of 0.1 is a leak.

# %%
nonsense = torch.randint(10, (300,)).repeat(2)
twins = (pixels[:300] / 16).repeat(2, 1) + 0.1 * torch.rand(600, 64)  # each picture comes twice
nearest = torch.cdist(twins[300:], twins[:300]).argmin(dim=1)  # of the training half
leaked = (nonsense[nearest] == nonsense[300:]).float().mean().item()
print(f"accuracy on labels that mean nothing: {leaked:.2f}")
assert leaked > 0.9

# %% [markdown]
# **9 Device**: `to` moves parameters and buffers (`self.register_buffer`: saved, not trained).
# Other tensors stay on the CPU, an error on a GPU. `meta`, a device without numbers, shows it on
# every computer. **10 A graph that is kept**: a loss holds all that `backward` needs. A sum of
# losses holds it for all batches, until no memory is left. A `grad_fn` in what you print shows it.

# %%
try:
    print(torch.empty(5, 64, device="meta") - torch.ones(64))  # the second one is on the CPU
except RuntimeError as error:
    print("device:", error)
total = sum(network(part / 16).square().mean() for part in pixels.split(600))
print("graph:", total)
assert total.grad_fn is not None  # the whole graph is still there; a plain number has none

# %% [markdown]
# ## In this project
#
# - `engine/contract.py`: `check_labels`, `check_outputs`, `check_losses`
# - `tests/test_model.py`: `test_the_network_can_learn_a_few_examples_by_heart`
#
# ## Read next
#
# - [Frequently asked questions](https://docs.pytorch.org/docs/stable/notes/faq.html)
# - [Broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html)
# - [The training loop](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
# - [`torch.nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
