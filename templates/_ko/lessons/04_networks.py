# %% [markdown]
# # 4. 신경망
#
# 신경망은 레이어를 차례로 이은 것입니다. 레이어는 가중치로 텐서를 다른 텐서로 바꿉니다.

# %%
import sys
from pathlib import Path

import torch
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from model import build_model, compute_loss

# %% [markdown]
# **선형(linear)**: 출력 하나하나가 모든 입력의 가중합입니다. 순서가 없는 특징에 씁니다.

# %%
layer = nn.Linear(3, 2)
examples = torch.randn(4, 3)
print("linear:", tuple(examples.shape), "->", tuple(layer(examples).shape))
torch.testing.assert_close(layer(examples), examples @ layer.weight.T + layer.bias)

# %% [markdown]
# **합성곱(convolutional)**: 작은 필터로 그림 어디에서나 같은 무늬를 찾습니다. 이 필터는
# 왼쪽에서 오른쪽으로 어두운 곳이 밝아지는 자리에 반응합니다.

# %%
image = torch.tensor([[0.0, 0.0, 1.0, 1.0]] * 3).view(1, 1, 3, 4)  # (N, C, H, W)
edge = nn.Conv2d(1, 1, kernel_size=(1, 2), bias=False)
edge.weight.data = torch.tensor([-1.0, 1.0]).view(1, 1, 1, 2)
print("convolution:", edge(image)[0, 0].tolist())
assert edge(image)[0, 0].tolist() == [[0, 1, 0]] * 3

# %% [markdown]
# **순환(recurrent)**: 시퀀스를 한 걸음씩 읽으며 상태를 이어 가므로 순서가 중요합니다.

# %%
reader = nn.GRU(2, 5, batch_first=True)
sequence = torch.randn(1, 6, 2)  # (N, T, features)
states, last = reader(sequence)
print("recurrent:", tuple(sequence.shape), "->", tuple(states.shape), tuple(last.shape))
assert not torch.allclose(last, reader(sequence.flip(1))[1])  # read backwards

# %% [markdown]
# **활성화 함수**는 직선을 꺾습니다. 이것이 없으면 선형 레이어 둘은 하나와 다를 바 없습니다.
# **손실**은 로짓(softmax를 거치기 전의 점수)을 정답 클래스와 비교해 숫자 하나로 나타냅니다.

# %%
assert nn.ReLU()(torch.tensor([-2.0, 3.0])).tolist() == [0, 3]
logits = torch.tensor([2.0, 0.0, -1.0])  # one raw score per class; class 0 is right
loss = nn.CrossEntropyLoss()(logits, torch.tensor(0))
torch.testing.assert_close(loss, -logits.softmax(dim=0)[0].log())

# %% [markdown]
# **이 프로젝트의 신경망**: 순전파로 로짓을, 역전파로 그래디언트를 구합니다.

# %%
config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.train, batch_size=32, settings=config, seed=0)))
model = build_model(config, data.info)
print(model)
print(sum(weights.numel() for weights in model.parameters()), "weights")
losses, logits = compute_loss(model, batch, config)  # forward
losses.mean().backward()
print("losses:", tuple(losses.shape), "logits:", tuple(logits.shape))
assert len(losses) == len(logits) == len(batch[1]), "compute_loss: one loss for each example"

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `model.py`: `build_model`, `compute_loss`
#
# ## 더 읽어 보기
#
# - [신경망 만들기](https://docs.pytorch.org/tutorials/beginner/basics/buildmodel_tutorial.html)
# - [`torch.nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html)
# - [`torch.nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html)
