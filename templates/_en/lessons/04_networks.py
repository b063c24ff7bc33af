# %% [markdown]
# # 4. Neural networks
#
# A network is a function that holds numbers, its **parameters**, which training changes. In PyTorch
# it is a class, an `nn.Module`. `__init__` makes the parameters; `super().__init__()` comes first,
# as it prepares the module. `forward` calculates: call the module, and it calls `forward`.

# %%
import sys
from pathlib import Path

import numpy as np
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
    def __init__(self, features, classes):
        super().__init__()
        self.factors = nn.Parameter(torch.ones(features))
        self.layer = nn.Linear(features, classes)  # a module in a module

    def forward(self, inputs):  # (N, features)
        return self.layer(self.factors * inputs)  # (N, classes)


model = ScaledLinear(features=3, classes=2)
for name, parameter in model.named_parameters():
    print(f"{name:12} {tuple(parameter.shape)!s:6} {parameter.numel()} numbers")
assert model(torch.rand(4, 3)).shape == (4, 2)  # torch.rand: numbers from 0 up to 1

# %% [markdown]
# An `nn.Parameter` or a module that you assign to `self` is **registered**: `model.parameters()`
# yields its parameters, the optimizer trains them, and they are saved. A plain tensor or a list of
# layers is not, and is never trained; `nn.ModuleList` is a list that is registered.
#
# **Linear**: each output is a weighted sum of all inputs, plus a number of its own, the bias. Row 1
# of `weight` holds the weights of output 1.
#
# **Convolutional**: a small filter (kernel) lies on the picture like a window. Its numbers are
# multiplied with the pixels under it, and the sum is one pixel of the result. Then the window moves
# on, so it looks for the same thing everywhere. `nn.Conv2d(3, 32, kernel_size=3)` reads 3 channels
# (red, green, blue; a grey picture has 1) and makes 32, one with each of its filters.
#
# How large is the result? On 8 pixels a window of 3 can begin at pixel 0, 1, ... up to 8 - 3 = 5: 6
# places. `padding=1` adds a zero on *both* sides: 10 pixels, 8 places. `stride=2` moves the window
# by 2: of the places 0 to 7 it takes 0, 2, 4, 6. A last move over the edge is left out.

# %%
layer = nn.Linear(3, 2)  # weight (2, 3), bias (2,)
example = torch.randn(3)
a, b, c = example * layer.weight[1]
assert torch.allclose(layer(example)[1], a + b + c + layer.bias[1])  # equal, but for rounding

picture = torch.zeros(8, 8)  # black
picture[1:7, 1:7] = 1.0  # a white square
picture[3:5, 3:5] = 0.0  # with a black hole
kernel = torch.tensor([[-1.0, 0.0, 1.0]] * 3)  # the sum is high where dark turns to light
for padding, stride, size in ((1, 2, 4), (1, 1, 8), (0, 1, 6)):
    convolution = nn.Conv2d(1, 1, kernel_size=3, padding=padding, stride=stride, bias=False)
    convolution.weight = nn.Parameter(kernel[None, None])  # (1, 1, 3, 3)
    result = convolution(picture[None, None]).detach()  # (N, channels, H, W)
    assert result.shape == (1, 1, size, size)
found = result[0, 0]  # with padding 0 and stride 1
assert found[2, 4] == (kernel * picture[2:5, 4:7]).sum()
figure = Figure((10, 3.8), layout="constrained")
first, second, third = figure.subplots(1, 3)
for axes, title, image, corner, side in (
    (first, "a picture: 0 is dark, 1 is light\nred: the window", picture, (3.5, 1.5), 3),
    (second, "the filter: right column of\nthe window minus left one", kernel, (-0.5, -0.5), 3),
    (third, "result: high from dark to light,\nlow from light to dark", found, (3.5, 1.5), 1),
):
    axes.imshow(image, cmap="gray", alpha=0.5)  # pale, so that the numbers can be read
    for (row, column), number in np.ndenumerate(image.numpy()):
        axes.text(column, row, int(number), ha="center", va="center")
    axes.set(title=title, xlim=(-0.7, 7.7), ylim=(7.7, -0.7))  # pixels of one size in all
    axes.add_patch(Rectangle(corner, side, side, fill=False, edgecolor="red", linewidth=4))
show(figure, "04_filter.png")

# %% [markdown]
# - **Recurrent** layers read a sequence step by step. They keep a state, zeros at first. Each step
#   makes the new state of the input and the old state, with the same parameters: the order counts.
# - **Activations** bend: ReLU makes 0 of negative numbers, tanh squeezes into -1 to 1. `nn.ReLU`
#   and `nn.Tanh` are modules, made first and called then: `nn.ReLU()(x)`. `x.relu()` and
#   `torch.tanh(x)` do it at once. With none in between, two linear layers can do no more than one.
# - **The loss** says how wrong the outputs are. For numbers: the mean squared error, `nn.MSELoss`.
#   For classes: the cross entropy. Softmax makes probabilities of the **logits**, the network's raw
#   scores: `exp` of each, divided by their sum. The loss of an example is minus the logarithm of
#   the probability of its class. `nn.CrossEntropyLoss` takes logits: no softmax stands before it.

# %%
x = torch.tensor([-2.0, 0.0, 2.0])
assert torch.equal(nn.ReLU()(x), x.relu()) and torch.equal(nn.Tanh()(x), torch.tanh(x))
sequences = torch.rand(4, 6, 2)  # (N, T, features): 4 sequences of 6 steps
states, _ = nn.RNN(input_size=2, hidden_size=5, batch_first=True)(sequences)
assert states.shape == (4, 6, 5)  # the state after each step
logits = torch.tensor([[2.0, 0.0, -1.0]])  # one example, three classes
loss = nn.CrossEntropyLoss()(logits, torch.tensor([0]))  # class 0 is right
probabilities = logits.softmax(dim=1)  # 0.84, 0.11, 0.04
assert torch.allclose(loss, -probabilities[0, 0].log())

# %% [markdown]
# **Two modes**: `model.train()`, as a new network is, and `model.eval()`. **Dropout** in training
# makes each number 0 with probability p, and divides the others by 1 - p: the mean stays about the
# same. **Batch normalisation** in training subtracts the mean of the *batch* from each feature and
# divides by its standard deviation; it keeps running means of the mean and the variance. Evaluation
# uses those, and drops nothing: an example gets the same answer in any batch.

# %%
dropout = nn.Dropout(p=0.2)
assert dropout(torch.ones(1000)).unique().tolist() == [0, 1.25]  # 1.25 is 1 / (1 - 0.2)
assert dropout.eval()(torch.ones(1000)).unique().tolist() == [1]
norm, batch = nn.BatchNorm1d(1), torch.tensor([[1.0], [3.0]])  # mean 2, standard deviation 1
assert torch.allclose(norm(batch), (batch - 2) / 1, atol=1e-4)
assert torch.allclose(norm.eval()(batch)[:1], norm(batch[:1]))

# %% [markdown]
# **The network of this project**, with its modules: `Sequential` calls its own one after the other,
# `MaxPool2d(2)` keeps the largest of each 2 by 2 pixels, `Embedding` learns numbers for each word,
# `Identity` changes nothing. Then forward to the losses, and backward to the gradients.

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
