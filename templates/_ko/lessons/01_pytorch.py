# %% [markdown]
# # 1. PyTorch란
#
# PyTorch는 세 부분으로 된 파이썬 라이브러리입니다. 이 레슨에서 하나씩 한 번 써 봅니다.
#
# - **텐서**: 축이 몇 개든 되는 숫자 표입니다. CPU에도 GPU에도 둘 수 있습니다.
# - **autograd**: 숫자를 바꾸면 결과가 얼마나 바뀌는지 스스로 알아냅니다.
# - **`torch.nn`과 `torch.optim`**: 신경망을 쌓는 레이어, 그리고 그것을 학습시키는 도구입니다.
#
# VS Code나 Jupyter에서 셀 단위로, 아니면 한 번에 실행하세요: `python lessons/01_pytorch.py`

# %%
import sys
from pathlib import Path

import numpy
import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.picture import show
from model import build_model, compute_loss

print("Python", sys.version.partition(" ")[0], "NumPy", numpy.__version__)

# %% [markdown]
# 파이썬 패키지는 대개 위의 NumPy처럼 자기 버전을 알려 줍니다. PyTorch는 그 끝에 빌드 이름을
# 붙이기도 합니다: `+cpu`, 또는 NVIDIA GPU용 소프트웨어인 CUDA 13.0을 뜻하는 `+cu130`입니다.
#
# **텐서**는 자기 모양(shape, 축마다의 크기), `dtype`(모든 숫자에 공통인 자료형), 그리고
# 놓인 장치를 알고 있습니다.

# %%
table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(table.shape, table.dtype, table.device)
assert table.mean() == 3.5

# %% [markdown]
# **autograd**는 결과를 어떻게 계산했는지 기억합니다. `backward`는 결과에서 `x`로 거슬러
# 올라가 `x.grad`에 기울기를 적습니다. `x`가 커질 때 결과가 얼마나 빨리 커지는지입니다.

# %%
x = torch.tensor(3.0, requires_grad=True)
(x * x).backward()
print("slope of x * x at 3:", x.grad)
assert x.grad == 6  # by hand: the slope of x * x is 2 x

# %% [markdown]
# **신경망**은 입력을 레이어에 차례로 통과시켜 답을 계산하는데, 이때 자신이 가진 숫자를
# 씁니다. 이 숫자가 *가중치*(weight)이고, 파라미터(parameter)라고도 합니다. 처음에는 대개
# 무작위이고, 학습은 이 숫자를 바꿉니다. 신경망의 답은 *로짓*(logits)이라고 합니다. 보통은
# 클래스마다 하나씩 있는, 아직 확률로 바꾸지 않은 점수입니다(레슨 4).
#
# **옵티마이저**는 가중치를 바꿉니다. 여기서는 이 프로젝트의 신경망을 이 프로젝트의 데이터로
# 학습시킵니다. 배치, 곧 한데 묶은 예제 32개에 신경망이 답하기를 열 번 되풀이합니다. *손실*은
# 답이 라벨(정답)에서 얼마나 먼지 알려 줍니다. `backward`가 가중치마다 손실의 기울기를 구하면,
# 옵티마이저는 손실이 줄어드는 쪽으로 가중치를 조금씩 옮깁니다. 얼마나 옮길지는 학습률
# `lr`(learning rate)이 정합니다. AdamW는 여러 옵티마이저 가운데 하나이고, 레슨 5에서 몇 가지를
# 직접 만듭니다. `train.py`에도 있는 반복문입니다. 그림은 셋 다 보여 줍니다.

# %%
config = Config()
data = load_data(config)
print(len(data.train), "examples to learn from")
loader = make_loader(data.train, batch_size=32, settings=config, seed=0)
batch = next(iter(loader))  # a pair: the inputs and the labels of 32 examples
torch.manual_seed(0)  # the same first weights each time
model = build_model(config, data.info)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)
model.train()  # lesson 4 says what this switches
history = []
for _ in range(10):
    losses, _ = compute_loss(model, batch, config)  # the loss of each example
    loss = losses.mean()  # of all examples of the batch
    optimizer.zero_grad()  # forget the slopes of the step before
    loss.backward()  # the slope of the loss for each weight
    optimizer.step()  # move each weight a little
    history.append(loss.item())  # .item() makes a Python number of a tensor of one number
assert min(history) < history[0], "no step made the loss smaller: try another lr above"

# The rest of this cell draws the picture: no later lesson needs these lines.
figure = Figure((9, 3), layout="constrained")
left, middle, right = figure.subplots(1, 3)
left.imshow(table.numpy(), cmap="Blues", vmax=12)
for (row, column), number in numpy.ndenumerate(table.numpy()):
    left.text(column, row, number, ha="center", va="center")
left.set(title="a tensor of shape (2, 3)", xlabel="axis 1", ylabel="axis 0", xticks=[], yticks=[])
curve = torch.linspace(0, 5, 50)
middle.plot(curve, curve * curve, curve, 9 + x.grad * (curve - 3), "--")
middle.set(title="x * x, and its slope 6 at x = 3", xlabel="x")
right.plot(range(1, 11), history, "o-")
right.set(title="the loss in ten steps", xlabel="step", ylabel="loss")
show(figure, "01_pytorch.png")

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `train.py`: `train`
# - `model.py`: `build_model`, `compute_loss`
#
# ## 더 읽어 보기
#
# - [파이토치(PyTorch) 기본 익히기](https://tutorials.pytorch.kr/beginner/basics/intro.html)
# - [PyTorch 문서](https://docs.pytorch.org/docs/stable/index.html)
# - [`torch.tensor`](https://docs.pytorch.org/docs/stable/generated/torch.tensor.html)
