# %% [markdown]
# # 4. Neural networks
#
# A network is a function that holds numbers, its **parameters**, which training changes. In
# PyTorch it is a class, an `nn.Module`. `__init__` makes the parameters; `super().__init__()` comes
# first, as it prepares the module. `forward` calculates: call the module, and it calls `forward`.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.picture import show
from model import build_model, compute_loss


class ScaledLinear(nn.Module):
    """Multiplies each feature by a number of its own, then calls a linear layer."""

    def __init__(self, features, classes):
        super().__init__()
        self.factors = nn.Parameter(torch.ones(features))
        self.layer = nn.Linear(features, classes)  # a module in a module

    def forward(self, inputs):  # (N, features)
        return self.layer(self.factors * inputs)  # (N, classes)


model = ScaledLinear(features=3, classes=2)
for name, parameter in model.named_parameters():
    print(f"{name:12} {tuple(parameter.shape)!s:6} {parameter.numel()} numbers")
assert model(torch.randn(4, 3)).shape == (4, 2)

# %% [markdown]
# An `nn.Parameter` or a module that you assign to `self` is **registered**: `model.parameters()`
# yields its parameters, the optimizer trains them, and they are saved. A plain tensor or a list of
# layers is not, and is never trained; `nn.ModuleList` is a list that is registered.
#
# **Linear**: each output is a weighted sum of all inputs, plus a bias. Row 1 of `weight` holds the
# weights of output 1.
#
# **Convolutional**: a small filter (kernel) lies on the picture like a window. Its numbers are
# multiplied with the pixels under it, and the sum is one pixel of the result. Then the window moves
# on, so it looks for the same thing everywhere.
#
# How large is the result? On 8 pixels a window of 3 can begin at pixel 0, 1, ... up to 8 - 3 = 5:
# these are 6 places. `padding=1` adds a border of one zero on *both* sides: now there are 10
# pixels, and 8 places. `stride=2` moves the window by 2: of the places 0 to 7 it takes 0, 2, 4, 6.
# A last move that would lead over the edge is left out.

# %%
layer = nn.Linear(3, 2)  # weight (2, 3), bias (2,)
example = torch.randn(3)
a, b, c = example * layer.weight[1]
assert torch.allclose(layer(example)[1], a + b + c + layer.bias[1])

picture = torch.zeros(8, 8)  # black
picture[1:7, 1:7] = 1.0  # a white square
picture[3:5, 3:5] = 0.0  # with a black hole
kernel = torch.tensor([[-1.0, 0.0, 1.0]] * 3)  # the sum is high where dark turns to light
results = []
for padding, stride in ((0, 1), (1, 1), (1, 2)):
    convolution = nn.Conv2d(1, 1, kernel_size=3, padding=padding, stride=stride, bias=False)
    convolution.weight.data = kernel.view(1, 1, 3, 3)
    results.append(convolution(picture.view(1, 1, 8, 8)).detach())  # (N, channels, H, W)
    print(f"padding {padding}, stride {stride}: 8 pixels become {results[-1].shape[3]}")
assert [result.shape[3] for result in results] == [6, 8, 4]
found = results[0][0, 0]
assert found[2, 4] == (kernel * picture[2:5, 4:7]).sum()

figure = Figure((9, 3.2), layout="constrained")
first, second, third = figure.subplots(1, 3)
for axes, title, image, corner, side in (
    (first, "a picture, and the window on it", picture, (3.5, 1.5), 3),
    (second, "the filter: -1, 0, 1 in each row", kernel, (-0.5, -0.5), 3),
    (third, "the result: light at left edges", found, (3.5, 1.5), 1),
):
    axes.imshow(image, cmap="gray")
    axes.set(title=title, xticks=range(len(image)), yticks=range(len(image)))
    axes.add_patch(Rectangle(corner, side, side, fill=False, edgecolor="red", linewidth=4))
show(figure, "04_filter.png")

# %% [markdown]
# - **Recurrent** layers read a sequence step by step. They keep a state, zeros at first. Each step
#   makes the new state of the input and the old state, with the same parameters: the order counts.
# - **Activations** bend: `nn.ReLU` makes 0 of negative numbers, `nn.Tanh` squeezes into -1 to 1.
#   With none in between, two linear layers can do no more than one.
# - **The loss** says how wrong the outputs are. For classes it is the cross entropy: softmax makes
#   probabilities of the **logits**, the network's raw scores; the loss of an example is minus the
#   logarithm of the probability of its class. `nn.CrossEntropyLoss` takes logits, so no softmax
#   stands before it. For numbers it is `nn.MSELoss`, the mean squared error.

# %%
sequences = torch.randn(4, 6, 2)  # (N, T, features): 4 sequences of 6 steps
states, _ = nn.RNN(input_size=2, hidden_size=5, batch_first=True)(sequences)
assert states.shape == (4, 6, 5)  # the state after each step
logits = torch.tensor([[2.0, 0.0, -1.0]])  # one example, three classes
loss = nn.CrossEntropyLoss()(logits, torch.tensor([0]))  # class 0 is right
probabilities = logits.softmax(dim=1)  # 0.84, 0.11, 0.04
assert torch.allclose(loss, -probabilities[0, 0].log())
assert nn.MSELoss()(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 2.0])) == (0 + 4) / 2

# %% [markdown]
# **Two modes**: `model.train()`, as a new network is, and `model.eval()`. **Dropout** in training
# makes each number 0 with probability p, and divides the others by 1 - p, so that the mean
# stays. **Batch normalisation** in training subtracts the mean of the *batch* from each feature and
# divides by its standard deviation; it keeps running means of mean and variance. In evaluation
# dropout does nothing, and normalisation uses those: an example gets the same answer in any batch.

# %%
dropout = nn.Dropout(p=0.2)
assert dropout(torch.ones(1000)).unique().tolist() == [0, 1.25]  # 1.25 is 1 / (1 - 0.2)
assert dropout.eval()(torch.ones(1000)).unique().tolist() == [1]
norm = nn.BatchNorm1d(1)
batch = torch.tensor([[1.0], [3.0]])
assert torch.allclose(norm(batch), (batch - 2) / batch.std(correction=0), atol=1e-4)
assert torch.allclose(norm.running_mean, torch.tensor(0.9 * 0 + 0.1 * 2))
assert torch.allclose(norm.eval()(batch)[:1], norm(batch[:1]))

# %% [markdown]
# **The network of this project**: forward to the losses, backward to the gradients.

# %%
config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.train, batch_size=32, settings=config, seed=0)))
model = build_model(config, data.info)
print(model)
losses, outputs = compute_loss(model, batch, config)  # forward
losses.mean().backward()
assert len(losses) == len(outputs) == len(batch[1]), "compute_loss: one loss for each example"

# %% [markdown]
# ## In this project
#
# - `model.py`: `build_model`, `compute_loss`
#
# ## Read next
#
# - [Build the network](https://docs.pytorch.org/tutorials/beginner/basics/buildmodel_tutorial.html)
# - [All layers and losses: torch.nn](https://docs.pytorch.org/docs/stable/nn.html)
