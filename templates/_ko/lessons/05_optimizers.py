# %% [markdown]
# # 5. 옵티마이저
#
# 손실은 파라미터 위에 펼쳐진 지형과 같습니다. **그래디언트**는 오르막을 가리키고, **옵티마이저**는
# 내리막으로 한 스텝 갑니다. 학습의 한 스텝은 세 번의 호출입니다.
#
# - `optimizer.zero_grad()`는 이전 그래디언트를 지웁니다. `backward`가 거기에 더하기 때문입니다.
# - `loss.backward()`는 파라미터마다 그래디언트를 `.grad`에 넣습니다.
# - `optimizer.step()`은 그 `.grad`를 이용해 파라미터를 바꿉니다.

# %%
import math
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.picture import show


def valley(point):
    return point[0] ** 2 + 20 * point[1] ** 2  # steeper along y; the lowest point is (0, 0)


def walk(optimizer_class, **settings):
    """Return the points that an optimizer visits in 40 steps (40, 2), and the losses there."""
    point = torch.tensor([-4.0, 1.5], requires_grad=True)
    optimizer = optimizer_class([point], **settings)
    points, losses = [], []
    for _ in range(40):
        loss = valley(point)
        points.append(point.tolist())
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.tensor(points), losses


# %% [markdown]
# **SGD**(확률적 경사 하강법: 배치를 무작위로 뽑습니다)는 그래디언트의 반대쪽으로 갑니다. 스텝은
# 그래디언트에 학습률 `lr`을 곱한 값입니다. **학습률부터 맞추세요.** 너무 작으면 제자리걸음이고,
# 너무 크면 스텝마다 건너편의 더 높은 곳으로 가서 손실이 폭발합니다.

# %%
by_rate = {lr: walk(torch.optim.SGD, lr=lr)[1] for lr in (0.0001, 0.01, 0.04, 0.052)}
for lr, losses in by_rate.items():
    print(f"SGD, lr {lr}: loss", " ".join(f"{loss:.3g}" for loss in losses[::13]))  # each 13th
assert by_rate[0.04][-1] < by_rate[0.01][-1] < by_rate[0.0001][-1] < 61 < by_rate[0.052][-1]

# %% [markdown]
# **다른 옵티마이저는 기억합니다.** 파라미터마다 따로 기억하고, 기억은 0에서 시작합니다.
#
# - **모멘텀**(momentum)은 속도를 기억합니다. 이전 속도의 0.9배(`beta`)에 그래디언트를 더합니다.
#   그래디언트의 방향이 같으면 속도가 커지고, 부호가 바뀌면 서로 지워집니다.
# - **RMSprop**은 제곱 평균을 기억합니다. 이전 값의 0.99배(`alpha`)에 그래디언트 제곱의 0.01배를
#   더합니다. 그래디언트를 그 제곱근으로 나눕니다. 그래디언트가 늘 40이면 제곱근도 40, 늘 2이면
#   2라서 나누면 둘 다 1입니다. 그래서 가파른 축과 완만한 축이 비슷하게 움직입니다.
# - **Adam**은 둘 다 이동 평균으로 기억하며, 0.9(`beta1`)와 0.999(`beta2`)를 씁니다. 0에서 시작해
#   처음에는 너무 작으므로, n번째 스텝에서는 `1 - 0.9**n`과 `1 - 0.999**n`으로 나눕니다.
#   **AdamW**(레슨 1)는 스텝마다 가중치도 조금씩 줄입니다.
#
# 직접 쓰면 이렇습니다. 이 함수가 돌려주는 값의 `lr`배가 스텝입니다.


# %%
def direction(name, gradient, memory):
    if name == "SGD":
        return gradient
    if name == "momentum":
        memory["velocity"] = 0.9 * memory["velocity"] + gradient
        return memory["velocity"]
    if name == "RMSprop":
        memory["mean_square"] = 0.99 * memory["mean_square"] + 0.01 * gradient**2
        return gradient / (memory["mean_square"].sqrt() + 1e-8)  # 1e-8: it never divides by 0
    memory["n"] += 1  # Adam
    memory["mean"] = 0.9 * memory["mean"] + 0.1 * gradient
    memory["mean_square"] = 0.999 * memory["mean_square"] + 0.001 * gradient**2
    corrected_mean = memory["mean"] / (1 - 0.9 ** memory["n"])
    corrected_square = memory["mean_square"] / (1 - 0.999 ** memory["n"])
    return corrected_mean / (corrected_square.sqrt() + 1e-8)


walks = {
    "SGD": walk(torch.optim.SGD, lr=0.01),
    "momentum": walk(torch.optim.SGD, lr=0.01, momentum=0.9),
    "RMSprop": walk(torch.optim.RMSprop, lr=0.1),
    "Adam": walk(torch.optim.Adam, lr=0.3),
}
for (name, (points, _)), lr in zip(walks.items(), (0.01, 0.01, 0.1, 0.3), strict=True):
    memory = {"n": 0, "velocity": 0, "mean": 0, "mean_square": 0}
    point = torch.tensor([-4.0, 1.5])
    for expected in points:
        assert torch.allclose(point, expected, atol=1e-4)  # PyTorch's optimizer does the same
        gradient = torch.stack([2 * point[0], 40 * point[1]])  # of the valley
        point = point - lr * direction(name, gradient, memory)

# %% [markdown]
# **스케줄**은 학습하는 동안 학습률을 바꿉니다. 처음에는 크게, 나중에는 자리를 잡도록 작게 갑니다.
# `CosineAnnealingLR`을 쓰면 `T_max` 스텝 동안 `lr`에서 0까지 코사인 물결의 절반을 따라 작아집니다.
# 그 가운데 share만큼 갔을 때 학습률은 `lr` 곱하기 `(1 + cos(pi * share)) / 2`입니다. 그 앞에 흔히
# **워밍업**(warm-up)을 둡니다. Adam의 첫 평균은 적은 그래디언트로 내므로, 학습률을 고르게 키웁니다.
#
# **그림에서 볼 것**: 40스텝 뒤에도 기본 SGD는 완만한 바닥을 느릿느릿 갑니다. 모멘텀과 Adam은 더
# 빨랐지만 가장 낮은 곳을 지나쳐 아직 그 둘레를 맴돕니다. 이 골짜기와 이 학습률에서는 RMSprop이 가장
# 낮습니다. 실제 학습에서는 배치마다 그래디언트가 달라서 여러 배치의 평균이 도움이 됩니다. 그래서
# Adam으로 시작하면 좋습니다. 하지만 어디서나 가장 좋은 옵티마이저는 없습니다.

# %%
optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=40)
rates = []
for _ in range(40):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()  # in a training, zero_grad and backward stand before it
    scheduler.step()  # after the optimizer's step
assert math.isclose(rates[10], 0.1 * (1 + math.cos(math.pi * 10 / 40)) / 2)

figure = Figure((12, 4), layout="constrained")
left, middle, right = figure.subplots(1, 3, width_ratios=(3, 4, 3))
for lr, losses in by_rate.items():
    left.semilogy(losses, label=f"lr {lr}")
left.set(title="SGD: the learning rate comes first", xlabel="step", ylabel="loss, on a log scale")
left.legend()
x, y = torch.meshgrid(torch.linspace(-4.5, 3, 60), torch.linspace(-2, 2, 60), indexing="xy")
middle.contour(x, y, valley((x, y)), 15, colors="0.8")
middle.plot(-4, 1.5, "ko", label="start")
for name, (points, losses) in walks.items():
    middle.plot(points[:, 0], points[:, 1], ".-", label=f"{name}: ends at {losses[-1]:.2g}")
middle.set(title="40 steps; contours: the loss", xlabel="x", ylabel="y")
middle.legend(fontsize="small")
right.plot(rates, ".-")
right.set(title="a cosine schedule", xlabel="step", ylabel="learning rate")
show(figure, "05_valley.png")
ends = {name: losses[-1] for name, (_, losses) in walks.items()}
assert ends["RMSprop"] < min(ends["momentum"], ends["Adam"]) < ends["SGD"] / 2

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `train.py`: `make_optimizer`, `one_cycle`
#
# ## 더 읽어 보기
#
# - [최적화](https://tutorials.pytorch.kr/beginner/basics/optimization_tutorial.html)
# - [모든 옵티마이저와 스케줄: torch.optim](https://docs.pytorch.org/docs/stable/optim.html)
# - [`torch.optim.Adam`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html)
