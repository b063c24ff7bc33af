# %% [markdown]
# # 15. 남이 학습시킨 모델
#
# 누군가 많은 예제로 학습시킨 신경망은 다른 데이터에도 쓸모 있는 특징(feature)을 배운 상태입니다.
# 그것을 물려받는 일을 **전이 학습**(transfer learning)이라고 합니다. 여기서는 숫자 0부터 4까지를
# 아는 신경망이 5부터 9까지를 배웁니다. 그림은 숫자마다 열 장뿐입니다.

# %%
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.digits import read_digits
from lessons.picture import show

# %% [markdown]
# **과제**를 일부러 어렵게 만들었습니다. 숫자는 저마다 더 크고 잡음이 섞인 그림 속 어딘가에
# 있습니다. 무엇이 잡음인지, 그리고 위치는 상관없다는 것을 그림 열 장으로 배우기는 어렵습니다.


# %%
def noisy(digits):
    """Return pictures (N, 1, 12, 12), each digit (8, 8) somewhere in noise."""
    pictures = 0.2 * torch.randn(len(digits), 1, 12, 12)
    corners = torch.randint(5, (len(digits), 2)).tolist()
    for picture, digit, (top, left) in zip(pictures, digits, corners, strict=True):
        picture[0, top : top + 8, left : left + 8] += digit
    return pictures


def new_model(classes):
    """Return a new network: the features (N, 32), and the head, which makes logits of them."""
    features = nn.Sequential(
        nn.Conv2d(1, 8, kernel_size=3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 32, kernel_size=3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
        nn.AdaptiveMaxPool2d(1), nn.Flatten(),  # (N, 32): how much of each is anywhere
    )  # fmt: skip
    return nn.Sequential(features, nn.Linear(32, classes))


def train(model, inputs, labels, optimizer, steps):
    for _ in range(steps):
        chosen = torch.randint(len(inputs), (48,))
        loss = F.cross_entropy(model(inputs[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


torch.manual_seed(1)
images, labels = read_digits()
images = images / 16  # (N, 8, 8) in 0..1
is_old = labels < 5

# %% [markdown]
# **누군가** 그림 3604장으로 신경망을 학습시켰습니다. 숫자 0부터 4까지를 네 방향으로 돌린 것이므로
# 클래스는 20개입니다. 우리는 그 가중치 파일을 받아 레슨 8에서 배운 대로 읽습니다. **우리**에게는
# 숫자 5부터 9까지, 학습할 그림이 열 장씩 있습니다. 나머지는 모두 테스트 데이터입니다.

# %%
turned = [noisy(images[is_old].rot90(turn, dims=(1, 2))) for turn in range(4)]
classes = [labels[is_old] + 5 * turn for turn in range(4)]
theirs = new_model(20)
optimizer = torch.optim.Adam(theirs.parameters(), lr=5e-3)
train(theirs, torch.cat(turned), torch.cat(classes), optimizer, steps=150)
with TemporaryDirectory() as folder:
    torch.save(theirs.state_dict(), Path(folder) / "weights.pt")
    state = torch.load(Path(folder) / "weights.pt", map_location="cpu", weights_only=True)

inputs, targets = noisy(images[~is_old]), labels[~is_old] - 5
chosen = torch.cat([torch.where(targets == label)[0][:10] for label in range(5)])
is_test = torch.ones(len(targets), dtype=torch.bool)
is_test[chosen] = False
few, few_targets = inputs[chosen], targets[chosen]  # 50 pictures


def accuracy(model):
    with torch.inference_mode():
        return (model(inputs[is_test]).argmax(dim=1) == targets[is_test]).float().mean().item()


# %% [markdown]
# **1. 처음부터** 학습시켜 비교 기준으로 삼습니다. **2. 새 헤드**: 받은 모델의 마지막 레이어는 다른
# 클래스를 알았으므로, 그 자리에 새 레이어를 두고 그것만 학습시킵니다. 나머지는 모두
# **고정**(freeze)합니다. `requires_grad`를 끄고, `eval` 모드에서는 정규화의 통계도 그대로입니다.
# 고정된 레이어가 한 그림에서 만드는 값은 바뀌지 않으므로 한 번만 계산합니다. **3. 미세
# 조정**(fine-tuning): 그다음 모두 학습시키되, 옛 레이어는 배운 것을 잊지 않도록 학습률을 더 작게
# 합니다. 옵티마이저에는 이런 그룹을 줄 수 있습니다.

# %%
new = new_model(5)
train(new, few, few_targets, torch.optim.Adam(new.parameters(), lr=5e-3), steps=60)
scores = {"from scratch": accuracy(new)}

model = new_model(20)
model.load_state_dict(state)
model.eval()
features, model[1] = model[0], nn.Linear(32, 5)
features.requires_grad_(False)
once = features(few)  # (50, 32)
train(model[1], once, few_targets, torch.optim.Adam(model[1].parameters(), lr=0.01), steps=200)
scores["new head"] = accuracy(model)
for name, tensor in features.state_dict().items():
    assert torch.equal(tensor, state[f"0.{name}"])

features.requires_grad_(True)
groups = [
    {"params": model[1].parameters(), "lr": 5e-3},
    {"params": features.parameters(), "lr": 1e-3},
]
train(model, few, few_targets, torch.optim.Adam(groups), steps=60)
scores["fine-tuned"] = accuracy(model)
print("accuracy:", {way: round(score, 2) for way, score in scores.items()})
assert scores["fine-tuned"] > scores["from scratch"]

figure = Figure((8, 3), layout="constrained")
panels = figure.subplots(1, 2)
panels[0].imshow(torch.cat(list(few[::10, 0]), dim=1), cmap="gray")
panels[0].set(title="A picture of each new class", xticks=[], yticks=[])
panels[1].bar(scores.keys(), scores.values())
panels[1].set(title="Ten pictures of each class to learn from", ylabel="test accuracy")
show(figure, "15_three_ways.png")

# %% [markdown]
# **그림이나 텍스트를 분류하는 프로젝트에서는** `--backbone NAME`을 쓰면 예제 수백만 개로 학습시킨
# 신경망을 물려받습니다. 어떤 데이터든 `--init-from RUN`을 쓰면 내가 전에 학습시킨 실행의 가중치에서
# 시작하고, 클래스가 다르면 마지막 레이어는 새것입니다. 두 경우 모두 나머지를 얼마나 오래 고정할지는
# `--frozen-epochs`, 그 학습률은 `--backbone-lr`로 정합니다.

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `engine/learned.py`: `set_frozen`, `new_weights`, `learned_weights`
# - `train.py`: `make_optimizer`
#
# ## 더 읽어 보기
#
# - [전이 학습](https://tutorials.pytorch.kr/beginner/transfer_learning_tutorial.html)
# - [`torch.nn.Module.requires_grad_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html)
# - [옵티마이저와 파라미터별 설정](https://docs.pytorch.org/docs/stable/optim.html)
