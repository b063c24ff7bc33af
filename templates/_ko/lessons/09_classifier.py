# %% [markdown]
# # 9. 처음부터 만드는 분류기
#
# Dataset, 신경망, 반복문을 모두 한 파일에 담았습니다. 이 프로젝트에서는 숫자 그림과, 그림을 보여
# 주는 함수만 가져다 씁니다. 신경망은 사람이 손으로 쓴 숫자를 읽는 법을 배웁니다. 그다음 무엇을
# 헷갈렸는지, 가장 심하게 틀린 것은 무엇인지 봅니다.

# %%
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.digits import read_digits
from lessons.picture import show

# %% [markdown]
# **데이터**: 가로세로 8픽셀인 그림 1,797장과 정답 숫자입니다. 픽셀 값은 0에서 16까지입니다. 학습
# 데이터로 배우고, 검증 데이터로 지켜보고, 테스트 데이터로는 맨 마지막에 평가합니다.


# %%
class Digits(Dataset):
    """Pictures (1, 8, 8) float32 in 0..1, and the digit that each shows."""

    def __init__(self):
        pictures, self.labels = read_digits()  # (1797, 8, 8) from 0 to 16, and (1797,)
        self.images = pictures / 16

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index].unsqueeze(0), self.labels[index]


torch.manual_seed(0)
# Who wrote which digit is not in these data: a writer may be on both sides, a leak (lesson 6).
train_set, val_set, test_set = random_split(Digits(), [1197, 300, 300])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
val_loader = DataLoader(val_set, batch_size=300)

# %% [markdown]
# **신경망**: 합성곱 하나와 선형 레이어 둘입니다. 드롭아웃은 중간에 나온 수의 절반을 무작위로 0으로
# 만드는데, 학습할 때만 그렇게 합니다. 그래서 지금 학습하는지를 신경망에 알려 주어야 합니다.
# `train()`은 드롭아웃을 켜고 `eval()`은 끕니다.


# %%
class Classifier(nn.Module):
    """Pictures (N, 1, 8, 8) in, logits (N, 10) out."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(1, 16, kernel_size=3, padding=1)
        self.hidden = nn.Linear(16 * 4 * 4, 64)
        self.dropout = nn.Dropout(0.5)
        self.output = nn.Linear(64, 10)

    def forward(self, images):
        maps = F.max_pool2d(self.convolution(images).relu(), 2)  # (N, 16, 4, 4)
        hidden = self.hidden(maps.flatten(1)).relu()  # (N, 64)
        return self.output(self.dropout(hidden))


model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

# %% [markdown]
# **반복문**: 에폭마다 모든 배치를 한 번씩 학습한 다음, 검증 데이터를 봅니다. 평가할 때는
# 그래디언트가 필요 없고, 아무것도 바뀌지 않습니다. `argmax`는 가장 큰 수의 자리를 줍니다.


# %%
def count_right(loader):
    """Return how many examples the model answers rightly."""
    model.eval()
    right = 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images).argmax(dim=1) == labels).sum().item()
    return right


for epoch in range(1, 6):
    model.train()  # count_right has switched it off
    for images, labels in train_loader:
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: validation accuracy {count_right(val_loader) / len(val_set):.3f}")

# %% [markdown]
# **테스트**는 마지막입니다. 혼동 행렬은 답의 개수를 셉니다. 행은 정답, 열은 신경망의 답이고, 맞힌
# 것은 대각선에 있습니다. 가장 심한 실수는 손실이 가장 큰 예제입니다. 신경망이 확신했지만 틀린
# 것입니다. 눈으로 확인하세요. 라벨이 잘못된 것도 있을 수 있습니다.
# `argsort`는 모든 수의 자리를 순서대로 줍니다.

# %%
images, labels = next(iter(DataLoader(test_set, batch_size=len(test_set))))
model.eval()
with torch.no_grad():
    logits = model(images)
losses = F.cross_entropy(logits, labels, reduction="none")  # one for each example
answers = logits.argmax(dim=1)
right = (answers == labels).sum().item()
print(f"test accuracy: {right / len(test_set):.3f}")
assert right > 0.9 * len(test_set)

figure = Figure((9, 4), layout="constrained")
left, beside = figure.subfigures(1, 2, width_ratios=[5, 4])
axes = left.subplots()
edges = torch.arange(11) - 0.5  # of the fields: each digit is in the middle of its own
counts, *_ = axes.hist2d(answers, labels, bins=edges, cmap="Blues", vmax=80)
for column, row in zip(*counts.nonzero(), strict=True):
    axes.text(column, row, f"{counts[column, row]:.0f}", ha="center", va="center")
axes.set(xlabel="answer", ylabel="true digit", xticks=range(10), yticks=range(10), aspect="equal")
axes.invert_yaxis()  # 0 is at the top
axes.set_title("Test: right answers are on the diagonal")
beside.suptitle("The highest losses")
for axes, index in zip(beside.subplots(2, 3).flat, losses.argsort(descending=True), strict=False):
    axes.imshow(images[index, 0], cmap="gray_r")
    axes.set_title(f"{labels[index]}, answer {answers[index]}", fontsize="medium")
    axes.set_axis_off()
show(figure, "09_mistakes.png")

# %% [markdown]
# ## 이 프로젝트에서는
#
# 같은 것을 실전용으로 다듬었습니다.
#
# - `data.py`: `load_data`
# - `model.py`: `build_model`, `compute_loss`
# - `train.py`: `train`, `train_epoch`
# - `engine/evaluation.py`: `evaluate`
# - `engine/plots.py`: `draw_classes`
# - `engine/mistakes.py`: `find_mistakes`, `draw_mistakes`
#
# ## 더 읽어 보기
#
# - [분류기 학습하기](https://tutorials.pytorch.kr/beginner/blitz/cifar10_tutorial.html)
# - [빠른 시작](https://tutorials.pytorch.kr/beginner/basics/quickstart_tutorial.html)
# - [`torch.nn.Module`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html)
