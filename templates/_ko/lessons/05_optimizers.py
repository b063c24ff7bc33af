# %% [markdown]
# # 5. 옵티마이저
#
# autograd는 어느 쪽으로 갈지, 옵티마이저는 얼마나 갈지 정합니다. **SGD**는 그래디언트의
# 정반대로 곧장 갑니다: `weight - lr * gradient`

# %%
import sys
from dataclasses import replace
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from train import make_optimizer


def valley(point):
    return (point**2 * torch.tensor([1.0, 20.0])).sum(dim=-1)  # far steeper along the second axis


def descend(name, lr):
    """Return the points that one of this project's optimizers visits, and the losses there."""
    place = torch.nn.ParameterList([torch.tensor([-4.0, 1.5])])
    optimizer = make_optimizer(place, replace(Config(), optimizer=name, lr=lr, weight_decay=0.0))
    points = []
    for _ in range(40):
        points.append(place[0].detach().clone())
        optimizer.zero_grad()
        valley(place[0]).backward()
        optimizer.step()
    return torch.stack(points), valley(torch.stack(points))


weight = torch.tensor([2.0], requires_grad=True)
(weight**2).sum().backward()  # the gradient is 4
torch.optim.SGD([weight], lr=0.25).step()
assert weight.item() == 2 - 0.25 * 4

# %% [markdown]
# **학습률**부터 맞추세요. 너무 작으면 제자리걸음이고, 너무 크면 손실이 폭발합니다.

# %%
for lr in (0.0001, 0.01, 0.1):
    print(f"sgd, lr {lr}: loss", " ".join(f"{loss:.3g}" for loss in descend("sgd", lr)[1][::10]))
assert descend("sgd", 0.01)[1][-1] < 1 < 1000 < descend("sgd", 0.1)[1][-1]

# %% [markdown]
# **RMSprop과 Adam**은 각 그래디언트를 평소 크기로 나누므로 가파른 축과 완만한 축이 비슷하게
# 움직입니다. Adam은 속도도 조금 이어 갑니다. `runs/lessons/05_valley.png`를 보세요.

# %%
axes = (figure := Figure((6, 4), layout="constrained")).subplots()
across, up = torch.linspace(-4.5, 2, 90), torch.linspace(-2, 2, 90)
axes.contour(across, up, valley(torch.cartesian_prod(across, up)).view(90, 90).T, 20, colors="0.8")
for name, lr in (("sgd", 0.01), ("rmsprop", 0.1), ("adam", 0.2)):
    points, losses = descend(name, lr)
    print(f"{name:8} from {losses[0]:.1f} to {losses[-1]:.4f}")
    axes.plot(*points.T, ".-", label=name)
    axes.legend()
    assert losses[-1] < losses[0] / 100
folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure.savefig(folder / "05_valley.png")

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `train.py`: `make_optimizer`, `one_cycle`
#
# ## 더 읽어 보기
#
# - [최적화](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
# - [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html)
# - [`torch.optim.Adam`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html)
