# %% [markdown]
# # 3. autograd
#
# *그래디언트*(gradient)는 모든 숫자의 기울기(레슨 1)를 모은 것입니다. 숫자마다 "이것을 조금
# 키우면 손실이 그 몇 배만큼 바뀐다"를 알려 줍니다. 학습은 그래디언트의 반대쪽으로 가기를
# 되풀이하는 것일 뿐입니다.
#
# **그래디언트는 지우기 전까지 계속 더해집니다.** `weight.grad = None`으로 지우고, 신경망의
# 모든 가중치라면 `optimizer.zero_grad()`로 지웁니다. 잊으면 오류 없이 학습만 나빠집니다.
#
# **`backward`는 숫자 하나**, 곧 *스칼라*(scalar)에서 출발합니다. 손실이 여럿이면 먼저 평균을
# 내세요. 그러지 않으면 "grad can be implicitly created only for scalar outputs"라는 오류가 납니다.

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
# **그래프**: autograd는 어느 결과를 어느 숫자로 계산했는지 기억합니다. 그래프는 동적입니다.
# 계산할 때마다 파이썬이 실제로 거친 단계로 새 그래프가 만들어집니다. 그래서 `if`나 반복문을
# 써도 되고, `backward`는 실제로 지나온 갈래를 따라 되돌아갑니다.
#
# **leaf**는 그래프가 시작되는 텐서이고, `backward`는 leaf의 `.grad`만 채웁니다. 받은 숫자를
# 건드리지 않고 그래디언트를 구하려면 자신의 leaf로 복사하세요: `clone().requires_grad_()`
#
# **제자리**(in-place) 연산: `*=`, `-=`, 그리고 이름이 `_`로 끝나는 메서드는 텐서 자체를 바꾸므로
# 그 텐서를 쓰는 모든 곳에서 바뀝니다. `x = x * 2`는 새 텐서를 만듭니다. requires_grad가 켜진
# leaf는 제자리에서 바꿀 수 없습니다. "a leaf Variable that requires grad is being used in an
# in-place operation"이라는 오류가 납니다.
#
# **멈추기**: `detach()`는 같은 메모리에 있는 같은 숫자를 상수로 돌려주며, 그래디언트는 상수를
# 지나가지 못합니다. `torch.no_grad()` 안에서는 아무것도 기억하지 않고, 가중치를 제자리에서
# 바꿀 수도 있습니다.

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
# **밑바닥부터 만드는 autograd.** 결과는 자기 부모를 기억하고, 부모가 커질 때 자기가 얼마나
# 빨리 커지는지도 기억합니다(그림의 빨간 숫자). `backward`는 되돌아가는 모든 길을 따라갑니다.
# 길을 따라서는 기울기를 곱하고, 길이 만나는 곳에서는 그래디언트를 더합니다.
#
# PyTorch는 같은 일을 텐서로 하되, 결과마다 한 번씩만, 마지막 결과부터 거꾸로 되돌아갑니다.
# 그래서 `y`의 차례에는 `y`로 계산한 것들(`loss`와 `z`)의 차례가 이미 지났으므로, `y`의
# 그래디언트가 모두 더해져 있습니다.


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
# ## 이 프로젝트에서는
#
# - `train.py`: `train`
# - `engine/evaluation.py`: `evaluate`
#
# ## 더 읽어 보기
#
# - [autograd](https://tutorials.pytorch.kr/beginner/basics/autogradqs_tutorial.html)
# - [autograd의 작동 방식](https://docs.pytorch.org/docs/stable/notes/autograd.html)
