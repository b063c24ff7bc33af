# %% [markdown]
# # 5. 옵티마이저
#
# autograd는 어느 쪽으로 갈지, 옵티마이저는 얼마나 갈지 정합니다. **SGD**는 그래디언트의
# 정반대로 곧장 갑니다: `weight - lr * gradient`

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))

weight = torch.tensor([2.0], requires_grad=True)
(weight**2).sum().backward()  # the gradient is 4
torch.optim.SGD([weight], lr=0.25).step()
assert weight.item() == 2 - 0.25 * 4

# %% [markdown]
# **학습률**부터 맞추세요. 너무 작으면 제자리걸음이고, 너무 크면 손실이 폭발합니다.


# %%
def valley(point):
    x, y = point
    return x**2 + 20 * y**2  # far steeper along the second axis


def descend(optimizer_class, **settings):
    """Return the points that an optimizer visits in 40 steps (40, 2), and the losses there."""
    point = torch.tensor([-4.0, 1.5], requires_grad=True)
    optimizer = optimizer_class([point], **settings)
    points = []
    losses = []
    for _ in range(40):
        loss = valley(point)
        points.append(point.tolist())
        losses.append(loss.item())

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.tensor(points), losses


last = {}
for lr in (0.0001, 0.01, 0.06):
    points, losses = descend(torch.optim.SGD, lr=lr)
    print(f"SGD, lr {lr}: loss", " ".join(f"{loss:.3g}" for loss in losses[::10]))
    last[lr] = losses[-1]
assert last[0.01] < last[0.0001] < last[0.06]

# %% [markdown]
# **모멘텀**(momentum)은 앞선 스텝의 속도를 조금 이어 갑니다. **RMSprop과 Adam**은 각
# 그래디언트를 평소 크기로 나누므로 가파른 축과 완만한 축이 비슷하게 움직입니다. Adam에는
# 모멘텀도 있습니다. 이 골짜기에서는 모멘텀이 이리저리 흔들립니다. 어느 골짜기에서나 가장
# 좋은 옵티마이저는 없습니다. `runs/lessons/05_valley.png`를 보세요.

# %%
walks = {
    "SGD": descend(torch.optim.SGD, lr=0.01),
    "SGD with momentum": descend(torch.optim.SGD, lr=0.01, momentum=0.9),
    "RMSprop": descend(torch.optim.RMSprop, lr=0.1),
    "Adam": descend(torch.optim.Adam, lr=0.3),
}
figure = Figure((6, 4), layout="constrained")
axes = figure.subplots()
x, y = torch.meshgrid(torch.linspace(-4.5, 2, 90), torch.linspace(-2, 2, 90), indexing="xy")
axes.contour(x, y, valley((x, y)), 20, colors="0.8")
for name, (points, losses) in walks.items():
    print(f"{name:17} from {losses[0]:.1f} to {losses[-1]:.4f}")
    axes.plot(points[:, 0], points[:, 1], ".-", label=name)
    assert losses[-1] < losses[0] / 10
axes.legend()
folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure.savefig(folder / "05_valley.png")

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `train.py`: `make_optimizer`
#
# ## 더 읽어 보기
#
# - [최적화](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
# - [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html)
# - [`torch.optim.Adam`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html)
