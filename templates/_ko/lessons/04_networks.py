# %% [markdown]
# # 4. 신경망
#
# 신경망은 **파라미터**라는 수를 품은 함수이고, 학습은 이 수를 바꿉니다. PyTorch에서는 `nn.Module`
# 클래스로 만듭니다. `__init__`에서 파라미터를 만드는데, 모듈을 준비하는 `super().__init__()`를 가장
# 먼저 호출합니다. 계산은 `forward`에 씁니다. 모듈을 호출하면 모듈이 `forward`를 호출합니다.

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
# `self`에 대입한 `nn.Parameter`나 모듈은 **등록**됩니다. 등록된 파라미터는 `model.parameters()`에서
# 나오고, 옵티마이저가 학습시키며, 저장됩니다. 그냥 텐서나 레이어의 리스트는 등록되지 않아서 결코
# 학습되지 않습니다. 등록되는 리스트는 `nn.ModuleList`입니다.
#
# **선형(linear)**: 출력 하나하나가 모든 입력의 가중합에 편향을 더한 값입니다. 출력 1의 가중치는
# `weight`의 1번 행에 있습니다.
#
# **합성곱(convolutional)**: 작은 필터(kernel)를 창문처럼 그림 위에 놓습니다. 필터의 수를 그 아래
# 픽셀과 곱해서 모두 더하면 결과의 픽셀 하나가 됩니다. 그다음 창을 옮기므로, 그림 어디에서나 같은
# 무늬를 찾습니다.
#
# 결과는 얼마나 클까요? 픽셀이 8개일 때 너비 3인 창은 픽셀 0, 1, ... 그리고 8 - 3 = 5까지에서
# 시작할 수 있으니 자리는 6개입니다. `padding=1`은 *양쪽*에 0을 한 줄씩 덧붙입니다. 그러면 픽셀은
# 10개, 자리는 8개입니다. `stride=2`는 창을 2칸씩 옮깁니다. 자리 0부터 7 가운데 0, 2, 4, 6에만
# 섭니다. 마지막에 그림 밖으로 나가게 되는 이동은 하지 않습니다.

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
# - **순환(recurrent)** 레이어는 시퀀스를 한 스텝씩 읽습니다. 상태는 0에서 시작하고, 스텝마다
#   입력과 이전 상태로 새 상태를 만듭니다. 파라미터는 스텝마다 같습니다. 그래서 순서가 중요합니다.
# - **활성화 함수**는 직선을 꺾습니다. `nn.ReLU`는 음수를 0으로 만들고, `nn.Tanh`는 값을 -1과 1
#   사이로 눌러 넣습니다. 이것이 없으면 선형 레이어 둘은 하나와 다를 바 없습니다.
# - **손실**은 출력이 얼마나 틀렸는지 나타냅니다. 클래스에는 교차 엔트로피를 씁니다. softmax는
#   **로짓**(softmax를 거치기 전의 점수)을 확률로 바꾸고, 예제의 손실은 정답 클래스의 확률에 로그를
#   취해 부호를 바꾼 값입니다. `nn.CrossEntropyLoss`는 로짓을 받으므로 그 앞에 softmax를 두지
#   않습니다. 수를 예측할 때는 평균 제곱 오차인 `nn.MSELoss`를 씁니다.

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
# **두 가지 모드**: 새 신경망은 `model.train()` 모드이고, `model.eval()`로 평가 모드가 됩니다.
# **드롭아웃**은 학습할 때 각 수를 확률 p로 0으로 만들고, 나머지는 1 - p로 나누어 평균을 지킵니다.
# **배치 정규화**는 학습할 때 특징마다 *배치*의 평균을 빼고 표준편차로 나누며, 평균과 분산의
# 이동 평균을 기억해 둡니다. 평가할 때 드롭아웃은 아무 일도 하지 않고, 정규화는 이동 평균을 씁니다.
# 그래서 어떤 배치에 들어 있어도 예제의 답이 같습니다.

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
# **이 프로젝트의 신경망**: 순전파로 손실을, 역전파로 그래디언트를 구합니다.

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
# ## 이 프로젝트에서는
#
# - `model.py`: `build_model`, `compute_loss`
#
# ## 더 읽어 보기
#
# - [신경망 만들기](https://tutorials.pytorch.kr/beginner/basics/buildmodel_tutorial.html)
# - [모든 레이어와 손실: torch.nn](https://docs.pytorch.org/docs/stable/nn.html)
