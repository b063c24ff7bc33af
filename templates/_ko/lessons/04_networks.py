# %% [markdown]
# # 4. 신경망
#
# 신경망은 **파라미터**라는 수를 품은 함수이고, 학습은 이 수를 바꿉니다. PyTorch에서는 `nn.Module`
# 클래스로 만듭니다. `__init__`에서 파라미터를 만드는데, 모듈을 준비하는 `super().__init__()`를 가장
# 먼저 호출합니다. 계산은 `forward`에 씁니다. 모듈을 호출하면 모듈이 `forward`를 호출합니다.

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
# `self`에 대입한 `nn.Parameter`나 모듈은 **등록**됩니다. 등록된 파라미터는 `model.parameters()`에서
# 나오고, 옵티마이저가 학습시키며, 저장됩니다. 그냥 텐서나 레이어의 리스트는 등록되지 않아서 결코
# 학습되지 않습니다. 등록되는 리스트는 `nn.ModuleList`입니다.
#
# **선형(linear)**: 출력 하나하나가 모든 입력의 가중합에 자기만의 수인 편향(bias)을 더한 값입니다.
# 출력 1의 가중치는 `weight`의 1번 행에 있습니다.
#
# **합성곱(convolutional)**: 작은 필터(kernel)를 창문처럼 그림 위에 놓습니다. 필터의 수를 그 아래
# 픽셀과 곱해서 모두 더하면 결과의 픽셀 하나가 됩니다. 그다음 창을 옮기므로, 그림 어디에서나 같은
# 무늬를 찾습니다. `nn.Conv2d(3, 32, kernel_size=3)`은 채널 3개(빨강, 초록, 파랑. 흑백 그림은 1개)를
# 읽어 32개를 만듭니다. 필터 32개가 저마다 채널을 하나씩 만듭니다.
#
# 결과는 얼마나 클까요? 픽셀이 8개일 때 너비 3인 창은 픽셀 0, 1, ... 그리고 8 - 3 = 5까지에서 시작할
# 수 있으니 자리는 6개입니다. `padding=1`은 *양쪽*에 0을 붙여 픽셀은 10개, 자리는 8개가 됩니다.
# `stride=2`는 창을 2칸씩 옮겨 자리 0, 2, 4, 6에 둡니다. 그림을 벗어나는 이동은 하지 않습니다.

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
# - **순환(recurrent)** 레이어는 시퀀스를 한 스텝씩 읽습니다. 상태는 0에서 시작하고, 스텝마다 입력과
#   이전 상태로 새 상태를 만듭니다. 파라미터는 스텝마다 같습니다. 그래서 순서가 중요합니다.
# - **활성화 함수**는 직선을 꺾습니다. ReLU는 음수를 0으로 만들고, tanh는 값을 -1과 1 사이로 눌러
#   넣습니다. `nn.ReLU`와 `nn.Tanh`는 모듈이라서 `nn.ReLU()(x)`처럼 먼저 만든 다음 호출합니다.
#   `x.relu()`와 `torch.tanh(x)`는 한 번에 합니다. 이것이 없으면 선형 레이어 둘은 하나와 같습니다.
# - **손실**은 출력이 얼마나 틀렸는지 나타냅니다. 수에는 평균 제곱 오차(`nn.MSELoss`)를 쓰고,
#   클래스에는 교차 엔트로피를 씁니다. softmax는 **로짓**(신경망이 낸 그대로의 점수)마다 `exp`를
#   구해 그 합으로 나누어 확률로 바꿉니다. 예제의 손실은 정답 클래스의 확률에 로그를 취해 부호를
#   바꾼 값입니다. `nn.CrossEntropyLoss`는 로짓을 받으므로 그 앞에 softmax를 두지 않습니다.

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
# **두 가지 모드**: 새 신경망은 `model.train()` 모드이고, `model.eval()`로 평가 모드가 됩니다.
# **드롭아웃**은 학습할 때 각 수를 확률 p로 0으로 만들고, 나머지는 1 - p로 나누어 평균을 거의 그대로
# 유지합니다. **배치 정규화**는 학습할 때 특징마다 *배치*의 평균을 빼고 표준편차로 나누며, 평균과
# 분산의 이동 평균을 기억해 둡니다. 평가할 때 드롭아웃은 아무 일도 하지 않고, 정규화는 이동 평균을
# 씁니다. 그래서 어떤 배치에 들어 있어도 예제의 답이 같습니다.

# %%
dropout = nn.Dropout(p=0.2)
assert dropout(torch.ones(1000)).unique().tolist() == [0, 1.25]  # 1.25 is 1 / (1 - 0.2)
assert dropout.eval()(torch.ones(1000)).unique().tolist() == [1]
norm, batch = nn.BatchNorm1d(1), torch.tensor([[1.0], [3.0]])  # mean 2, standard deviation 1
assert torch.allclose(norm(batch), (batch - 2) / 1, atol=1e-4)
assert torch.allclose(norm.eval()(batch)[:1], norm(batch[:1]))

# %% [markdown]
# **이 프로젝트의 신경망**과 그 모듈입니다. `Sequential`은 자기 모듈을 차례로 호출하고,
# `MaxPool2d(2)`는 2x2 픽셀마다 가장 큰 값을 남깁니다. `Embedding`은 단어마다 수를 배우고,
# `Identity`는 아무것도 바꾸지 않습니다. 이어서 순전파로 손실을, 역전파로 그래디언트를 구합니다.

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
