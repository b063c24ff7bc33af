# %% [markdown]
# # 3. autograd
#
# 그래디언트는 숫자마다 "이것을 조금 키우면 손실이 이만큼 바뀐다"를 알려 줍니다.
# 학습은 그래디언트의 반대쪽으로 가기를 되풀이하는 것일 뿐입니다.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from model import build_model, compute_loss

weight = torch.tensor(3.0, requires_grad=True)
loss = (weight - 5) ** 2
loss.backward()  # from the loss back to the weight, filling in weight.grad
print("gradient at 3:", weight.grad)
assert weight.grad == 2 * (3 - 5)  # by hand: the slope of (w - 5)^2 is 2 (w - 5)

# %% [markdown]
# **그래디언트는 지우기 전까지 계속 더해집니다.** 그래서 학습 스텝마다 `backward` 전에
# `optimizer.zero_grad()`를 호출합니다. 잊으면 에러 없이 학습만 나빠지는, 아주 흔한
# 버그입니다.

# %%
((weight - 5) ** 2).backward()
assert weight.grad == -4 - 4

# %% [markdown]
# **내리막 걷기**: 그래디언트의 반대쪽으로 여섯 걸음 갑니다. 걸음 자체는 기억할 필요가
# 없으므로 `no_grad` 안에서 옮깁니다.

# %%
path = [weight.item()]
for _ in range(6):
    (gradient,) = torch.autograd.grad((weight - 5) ** 2, weight)  # backward, without adding up
    with torch.no_grad():
        weight -= 0.2 * gradient
    path.append(weight.item())
print("weight:", " ".join(f"{step:.2f}" for step in path))
assert abs(path[-1] - 5) < 0.1

folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure = Figure((5, 3), layout="constrained")
axes = figure.subplots()
curve = torch.linspace(2.5, 7.5, 100)
axes.plot(curve, (curve - 5) ** 2, "grey")
steps = torch.tensor(path)
axes.plot(steps, (steps - 5) ** 2, "o-")
axes.set(xlabel="weight", ylabel="loss")
figure.savefig(folder / "03_downhill.png")

# %% [markdown]
# **이 프로젝트의 신경망**에는 가중치가 많지만, `backward` 한 번이면 모두 구해집니다.

# %%
config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.train, batch_size=32, settings=config, seed=0)))
model = build_model(config, data.info)
losses, logits = compute_loss(model, batch, config)
losses.mean().backward()
found = 0
for name, weights in model.named_parameters():
    if weights.grad is not None:  # a layer that is frozen gets none
        print(f"{name:25} {tuple(weights.shape)}")
        assert weights.grad.shape == weights.shape
        found += 1
assert found > 0, "no weight got a gradient: compute_loss must calculate with the model's outputs"

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `train.py`: `train`
# - `model.py`: `compute_loss`
# - `engine/evaluation.py`: `evaluate`
#
# ## 더 읽어 보기
#
# - [autograd](https://docs.pytorch.org/tutorials/beginner/basics/autogradqs_tutorial.html)
# - [`torch.no_grad`](https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html)
