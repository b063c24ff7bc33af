# %% [markdown]
# # 3. Autograd
#
# The *gradient* is the slopes (lesson 1) of all numbers together. It says for each number: raise
# it a little, and the loss changes by the slope times as much. Training is nothing but going
# against the gradient, again and again.
#
# **Gradients add up** until they are cleared: by `weight.grad = None`, or for all weights of a
# network by `optimizer.zero_grad()`. Forgetting it gives no error, only bad learning.
#
# **`backward` starts from one number**, a *scalar*. Of many losses take the mean first; else
# PyTorch says "grad can be implicitly created only for scalar outputs".

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.picture import show

weight = torch.tensor(3.0, requires_grad=True)  # autograd follows what is calculated with it
loss = (weight - 5) ** 2
loss.backward()  # from the loss back to the weight, filling in weight.grad
print("gradient at 3:", weight.grad)
assert weight.grad == 2 * (3 - 5)  # by hand: the slope of (w - 5)^2 is 2 (w - 5)
((weight - 5) ** 2).backward()
assert weight.grad == -4 - 4
losses = (weight - torch.tensor([5.0, 6.0])) ** 2  # two of them
try:
    losses.backward()
except RuntimeError as error:
    print(error)
weight.grad = None
losses.mean().backward()
assert weight.grad == (2 * (3 - 5) + 2 * (3 - 6)) / 2  # the mean of both slopes

# %% [markdown]
# **The graph**: autograd remembers which result was calculated from which numbers. The graph is
# dynamic: each calculation builds a new one, of the steps that Python really took. So an `if` or
# a loop is allowed, and `backward` goes back through the branch taken.
#
# **A leaf** is a tensor with which a graph begins; `backward` fills in `.grad` of leaves only. To
# get a gradient without touching numbers that you were given, copy them into a leaf of your own:
# `clone().requires_grad_()`.
#
# **In place**: `*=`, `-=` and each method whose name ends in `_` change the tensor itself, and
# so for all who use it; `x = x * 2` makes a new one. On a leaf that requires a gradient, `*=`
# is an error: "a leaf Variable that requires grad is being used in an in-place operation".
#
# **Stopping it**: `detach()` gives the same numbers, in the same memory, as a constant, through
# which no gradient goes back. Under `torch.no_grad()` nothing is remembered, and a weight may be
# changed in place.

# %%
numbers = torch.tensor([2.0, -1.0])
leaf = numbers.clone().requires_grad_()
for number in leaf:
    output = number**2 if number > 0 else -3 * number
    output.backward()
assert leaf.grad.tolist() == [2 * 2, -3]
assert numbers.grad is None and not numbers.requires_grad  # the caller's numbers are as before
constant = numbers.detach()
constant *= 10  # in place
assert numbers.tolist() == [20, -10]  # the same memory
# Returned in a tuple, one gradient for each leaf that is named, and not added to weight.grad:
(gradient,) = torch.autograd.grad(weight * weight.detach(), weight)
assert gradient == 3  # not 2 * 3: the second factor is a constant
path = [weight.item()]
for _ in range(6):  # six steps downhill, against the gradient
    (gradient,) = torch.autograd.grad((weight - 5) ** 2, weight)
    with torch.no_grad():
        weight -= 0.2 * gradient
    path.append(weight.item())
assert abs(path[-1] - 5) < 0.1

# %% [markdown]
# **Autograd from scratch.** A result keeps its parents, and how fast it grows with each of them
# (red in the picture). `backward` follows every way back: along a way the slopes are multiplied,
# and where ways meet, their gradients add up.
#
# PyTorch does the same with whole tensors, but goes back from each result only once, and takes
# the results in order, from the last to the first. So when it is the turn of `y`, those that were
# calculated from it (`loss` and `z`) have had theirs: the gradient of `y` is complete.


# %%
class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents

    def __add__(self, other):  # a + b grows as fast as a and as fast as b
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):  # a * b grows b times as fast as a, and a times as fast as b
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def backward(self, gradient=1.0):
        self.grad += gradient
        for parent, slope in self.parents:
            parent.backward(gradient * slope)


w, x, b = Value(3.0), Value(2.0), Value(-5.0)
y = w * x
z = y + b
loss = y * z
loss.backward()
w2, x2, b2 = (torch.tensor(value.data, requires_grad=True) for value in (w, x, b))
(w2 * x2 * (w2 * x2 + b2)).backward()
assert [w.grad, x.grad, b.grad] == [w2.grad, x2.grad, b2.grad] == [14, 21, 6]
figure = Figure((10, 3.5), layout="constrained")
left, right = figure.subplots(1, 2, width_ratios=[3, 2])
left.set(xlim=(-0.4, 3.4), ylim=(-0.4, 2.4), xticks=[], yticks=[])
left.set_title("y = w * x, z = y + b, loss = y * z\nred: slopes, grad: their products, added up")
places = {w: (0, 2), x: (0, 1), b: (0, 0), y: (1, 1.5), z: (2, 0.5), loss: (3, 1.5)}
arrow = {"arrowstyle": "->", "shrinkA": 28, "shrinkB": 28}  # not into the boxes
for name, (value, place) in zip(["w", "x", "b", "y", "z", "loss"], places.items(), strict=True):
    text = f"{name} = {value.data:g}\ngrad {value.grad:g}"
    left.text(*place, text, ha="center", va="center", bbox={"facecolor": "lightblue"})
    for parent, slope in value.parents:
        start = places[parent]
        left.annotate("", place, start, arrowprops=arrow)
        middle = (place[0] + start[0]) / 2, (place[1] + start[1]) / 2
        left.text(*middle, f"{slope:g}", color="red", bbox={"pad": 1, "color": "white"})
curve = torch.linspace(2.5, 7.5, 100)
right.plot(curve, (curve - 5) ** 2, "grey", path, [(step - 5) ** 2 for step in path], "o-")
right.set(title="six steps downhill", xlabel="weight", ylabel="loss")
show(figure, "03_autograd.png")

# %% [markdown]
# ## In this project
#
# - `train.py`: `train`
# - `engine/evaluation.py`: `evaluate`
#
# ## Read next
#
# - [Autograd](https://docs.pytorch.org/tutorials/beginner/basics/autogradqs_tutorial.html)
# - [Autograd mechanics](https://docs.pytorch.org/docs/stable/notes/autograd.html)
