# %% [markdown]
# # 12. 과적합과 과소적합, 그리고 학습률을 찾는 방법
#
# 학습 데이터의 손실은 신경망이 이 예제들을 얼마나 잘 배웠는지 보여 줍니다. 그 이상을 배웠는지는
# 다른 예제로만 알 수 있습니다. 바로 스텝에 한 번도 쓰지 않는 **검증 데이터**입니다. 두 곡선을 함께
# 보세요. 여기서는 숫자 그림 100개로 배웁니다. 실제 데이터에도 틀린 라벨이 있으므로, 라벨 다섯 개 중
# 하나쯤은 무작위로 뽑은 것입니다. 검증 데이터의 라벨도 마찬가지라, 그 손실은 0에 가까워지지
# 않습니다.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn import functional

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.digits import read_digits
from lessons.picture import show

pictures, digits = read_digits()
inputs = pictures.flatten(1) / 16  # (1797, 64)
torch.manual_seed(0)
by_lot = torch.rand(1797) < 0.2
labels = torch.where(by_lot, torch.randint(10, (1797,)), digits)


def measure(network, start, stop):
    """Return the loss on the examples from `start` to `stop`."""
    with torch.no_grad():
        return functional.cross_entropy(network(inputs[start:stop]), labels[start:stop]).item()


def fit(width, examples=100, weight_decay=0.0, dropout=0.0, epochs=50):
    """Train a network on the first examples, and return both losses after each epoch."""
    torch.manual_seed(0)
    first, last = nn.Linear(64, width), nn.Linear(width, 10)
    network = nn.Sequential(first, nn.ReLU(), nn.Dropout(dropout), last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=weight_decay)
    history = []
    for _ in range(epochs):
        network.train()
        loss = functional.cross_entropy(network(inputs[:examples]), labels[:examples])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        network.eval()
        history.append((measure(network, 0, examples), measure(network, 1000, 1400)))
    return torch.tensor(history)  # (epochs, 2): training, validation


# %% [markdown]
# **과소적합**(underfitting): 두 손실이 모두 높은 채로 있습니다. 신경망이 너무 작거나, 학습이 너무
# 짧거나 느립니다. **과적합**(overfitting): 학습 손실은 계속 줄지만 검증 손실은 다시 커집니다.
# 신경망이 예제를 틀린 라벨까지 통째로 외웁니다.

# %%
small = fit(width=2)
large = fit(width=128)
print("small: training loss {:.2f}, validation loss {:.2f}".format(*small[-1].tolist()))
print("large: training loss {:.2f}, validation loss {:.2f}".format(*large[-1].tolist()))
assert small[-1, 0] > 1.5
assert large[-1, 0] < 0.1
assert large[-1, 1] > 1.5 * large[:, 1].min()

# %% [markdown]
# 과적합을 막는 데는 **더 많은 데이터**가 가장 좋습니다. **드롭아웃**은 스텝마다 중간에 나온 값의
# 일부를 0으로 만들고, **가중치 감쇠**는 스텝마다 모든 가중치를 0 쪽으로 조금 당깁니다. **조기
# 종료**는 검증 손실의 최저 기록이 몇 에폭(*patience*) 동안 깨지지 않으면 학습을 끝내고, 가장 좋은
# 에폭의 신경망을 남깁니다. 각각 얼마가 가장 좋은지는 검증 데이터로 압니다. 검증 데이터로
# 고르기 때문에 최종 점수는 셋째 부분인 테스트 데이터로 냅니다.

# %%
remedies = {
    "nothing": large,
    "weight decay": fit(width=128, weight_decay=3.0),  # each step: weights * (1 - 0.01 * 3)
    "dropout": fit(width=128, dropout=0.7),
    "600 examples": fit(width=128, examples=600),
}
for name, history in remedies.items():
    lowest, epoch = history[:, 1].min(dim=0)
    last_loss = history[-1, 1]
    print(f"{name:13} validation loss {lowest:.2f} in epoch {epoch}, {last_loss:.2f} at the end")
    assert name == "nothing" or last_loss < 0.8 * large[-1, 1]

# %% [markdown]
# **학습률 범위 테스트**: 스텝마다 학습률을 조금씩 높이며 얼마 동안 학습시키고, 학습률에 따른 손실을
# 로그 축에 그립니다. 처음에는 아무 일도 없다가 손실이 줄고, 그다음 치솟습니다. 손실이 가파르게
# 줄어드는 곳, 가장 낮은 곳보다 뚜렷하게 앞선 곳을 고르세요. 손실이 가장 낮은 학습률의 3분의 1에서
# 10분의 1입니다. 가장 낮은 곳의 학습률은 이미 너무 큽니다.


# %%
def train(rates):
    """Train with SGD, a step with each of the rates, and return the losses and the network."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.SGD(network.parameters(), lr=1.0, momentum=0.9)
    losses = []
    for lr, indices in zip(rates, torch.randint(1000, (len(rates), 64)), strict=True):
        optimizer.param_groups[0]["lr"] = lr
        loss = functional.cross_entropy(network(inputs[indices]), labels[indices])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, network


rates = [1e-3]
while rates[-1] < 5:
    rates.append(rates[-1] * 1.15)
losses, _ = train(rates)
reached = {lr: measure(train([lr] * 60)[1], 1000, 1400) for lr in (0.001, 0.1, 2.0)}
print("validation loss after 60 steps:", {lr: round(loss, 2) for lr, loss in reached.items()})
assert reached[0.1] < min(reached[0.001], reached[2.0]) - 0.5

# %%
figure = Figure((10, 3.2), layout="constrained")
panels = figure.subplots(1, 4)
for axes, history in zip(panels, (small, large), strict=False):
    axes.plot(history[:, 0], label="training")
    axes.plot(history[:, 1], label="validation")
for name, history in remedies.items():
    panels[2].plot(history[:, 1], label=name)
panels[3].semilogx(rates, losses)
panels[3].axvspan(0.05, 0.17, color="tab:green", alpha=0.3, label="choose here")
titles = ("underfitting", "overfitting", "remedies: validation", "range test")
for axes, title in zip(panels, titles, strict=True):
    axes.set(title=title, xlabel="epoch", ylabel="loss", ylim=(0, 3.6))
    axes.legend(fontsize="small")
panels[3].set_xlabel("learning rate")
show(figure, "12_fitting.png")

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `train.py`: `train`, `make_optimizer`, `one_cycle`
# - `engine/plots.py`: `draw_curves`
#
# ## 더 읽어 보기
#
# - [최적화](https://tutorials.pytorch.kr/beginner/basics/optimization_tutorial.html)
# - [학습률을 바꾸는 방법](https://docs.pytorch.org/docs/stable/optim.html)
# - [`torch.optim.AdamW`](https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html)
# - [`torch.nn.Dropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html)
