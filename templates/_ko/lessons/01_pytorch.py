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

import torch

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from model import build_model, compute_loss

print("PyTorch", torch.__version__)

# %% [markdown]
# **텐서**는 자기 모양(shape), 숫자의 자료형, 놓인 장치를 알고 있습니다.

# %%
table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(table.shape, table.dtype, table.device)
assert table.shape == (2, 3)
assert table.mean() == 3.5

# %% [markdown]
# **autograd**는 계산 과정을 기억해 두었다가 거꾸로 따라가며 기울기를 구합니다.

# %%
x = torch.tensor(3.0, requires_grad=True)
square = x * x
square.backward()
print("slope of x * x at 3:", x.grad)
assert x.grad == 6  # by hand: the slope of x * x is 2 x

# %% [markdown]
# **신경망과 옵티마이저.** 이 프로젝트의 신경망을 이 프로젝트의 데이터로 학습시킵니다.
# 열 번 반복합니다. 신경망이 답하면 손실이 얼마나 틀렸는지 알려 주고, 가중치는 손실이
# 줄어드는 쪽으로 조금씩 움직입니다. `train.py`는 이 반복문을 실전용으로 다듬은 것입니다.

# %%
config = Config()
data = load_data(config)
loader = make_loader(data.train, batch_size=32, settings=config, seed=0)
print(len(loader), "batches to learn from, classes:", data.info.classes)
batch = next(iter(loader))  # a pair: inputs and labels

torch.manual_seed(0)  # the same first weights each time
model = build_model(config, data.info)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)
history = []
for _ in range(10):
    losses, logits = compute_loss(model, batch, config)  # (N,), (N, num_classes)
    loss = losses.mean()

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(loss.item())
print("loss:", " ".join(f"{loss:.2f}" for loss in history))
assert min(history) < history[0], "no step made the loss smaller: try another lr above"

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `train.py`: `train`
# - `model.py`: `build_model`, `compute_loss`
#
# ## 더 읽어 보기
#
# - [기초 배우기](https://docs.pytorch.org/tutorials/beginner/basics/intro.html)
# - [`torch.tensor`](https://docs.pytorch.org/docs/stable/generated/torch.tensor.html)
