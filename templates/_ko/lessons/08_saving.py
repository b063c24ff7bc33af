# %% [markdown]
# # 8. 저장하고 불러오기
#
# 신경망이 배운 것은 가중치에 들어 있습니다. `state_dict()`는 이름으로 텐서를 찾는 dict로 가중치를
# 돌려줍니다. BatchNorm의 이동 평균처럼 딸린 것도 들어 있지만, 코드는 없습니다.

# %%
import sys
from pathlib import Path
from pickle import UnpicklingError
from tempfile import TemporaryDirectory

import torch
from matplotlib.figure import Figure
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from engine.checkpoint import load_checkpoint, save_checkpoint
from lessons.picture import show


def build_model():
    return nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))


model = build_model()
for name, tensor in model.state_dict().items():
    print(f"{name:8} {tuple(tensor.shape)}")
print("a BatchNorm:", *nn.BatchNorm1d(3).state_dict())

# %% [markdown]
# **저장하고 불러옵니다.** `weights_only=True`는 텐서와 단순한 값만 읽고 나머지는 거부합니다. 파일에
# 숨은 프로그램이 읽는 순간 실행될 수 있기 때문입니다. 그러니 신경망을 통째로 저장하지 말고
# `state_dict`를 저장하세요. `map_location="cpu"`를 주면 GPU에서 저장한 파일도 GPU 없이 읽습니다.

# %%
with TemporaryDirectory() as folder:
    path = Path(folder) / "weights.pt"
    torch.save(model.state_dict(), path)
    loaded = torch.load(path, map_location="cpu", weights_only=True)
    torch.save(model, path)  # the whole network
    try:
        torch.load(path, weights_only=True)
        raise AssertionError("a whole network was read")
    except UnpicklingError as error:
        print(str(error)[:90], "...")
assert loaded.keys() == model.state_dict().keys()

# %% [markdown]
# **새 신경망**은 가중치가 다르지만, 저장한 가중치를 넣으면 똑같이 답합니다. 이름과 모양이 맞아야
# 합니다. 구조가 다른 신경망은 받아들이지 않고, 어디가 다른지 알려 줍니다.

# %%
twin = build_model()
inputs = torch.linspace(-3, 3, 64).unsqueeze(1)  # (64, 1)
assert not torch.equal(twin(inputs), model(inputs))
twin.load_state_dict(loaded)
assert torch.equal(twin(inputs), model(inputs))

try:
    nn.Linear(2, 2).load_state_dict(loaded)
    raise AssertionError("another network took the weights")
except RuntimeError as error:
    print(" ".join(str(error).split())[:90], "...")

# %% [markdown]
# **state_dict는 복사본이 아닙니다.** 가중치 자체가 들어 있어서, 학습시키면 dict 안에서도 바뀝니다.
# 가장 좋은 가중치를 메모리에 남겨 두려면 텐서마다 `clone()`을 저장해 두세요.

# %%
weight = model.state_dict()["0.weight"]
kept = weight.clone()
with torch.no_grad():
    model[0].weight += 1  # as a training step would change it
assert torch.equal(weight, model[0].weight)  # changed, too
assert not torch.equal(kept, weight)

# %% [markdown]
# **이어서 학습하기**에는 가중치만으로 부족합니다. Adam은 가중치마다 평균 두 개를 기억하는데, 이것이
# 없으면 맨 처음처럼 첫 스텝에서 모든 가중치가 `lr`만큼 움직입니다. 그래서 체크포인트에는
# 옵티마이저의 상태도 넣고, 학습은 멈춘 적이 없는 것처럼 이어집니다. 그림에서 둘을 비교해 보세요.


# %%
def begin():
    torch.manual_seed(0)
    model = build_model()
    return {"model": model, "optimizer": torch.optim.Adam(model.parameters(), lr=0.03)}


def train(parts, steps):
    model, optimizer = parts["model"], parts["optimizer"]
    history = []
    for _ in range(steps):
        loss = (model(inputs) - torch.sin(inputs)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


whole = train(begin(), 200)
stopped = begin()
train(stopped, 100)
with TemporaryDirectory() as folder:
    path = Path(folder) / "last.pt"
    torch.save({name: part.state_dict() for name, part in stopped.items()}, path)
    went_on = {}
    for names in (("model", "optimizer"), ("model",)):  # with the optimizer's state, and without
        checkpoint = torch.load(path, weights_only=True)
        parts = begin()
        for name in names:
            parts[name].load_state_dict(checkpoint[name])
        went_on[names] = train(parts, 100)
exactly, forgetful = went_on.values()
assert exactly == whole[100:]
assert max(forgetful) > 5 * max(exactly)

figure = Figure((7, 3), layout="constrained")
axes = figure.subplots()
axes.semilogy(whole, color="0.8", linewidth=6, label="never stopped")
axes.semilogy(range(100, 200), exactly, label="stopped at 100, gone on with the optimizer's state")
axes.semilogy(range(100, 200), forgetful, label="without it")
axes.set(xlabel="step", ylabel="loss", title="A checkpoint needs the optimizer's state")
axes.legend(loc="upper right", fontsize="small")
show(figure, "08_going_on.png")

# %% [markdown]
# **파일을 쓰다가 강제 종료되면** 손상된 파일이 남고, 그전 파일도 사라집니다. `save_checkpoint`는
# 온전히 쓰거나 아예 쓰지 않고, `load_checkpoint`는 읽을 때 검사합니다.

# %%
with TemporaryDirectory() as folder:
    save_checkpoint(Path(folder, "last.pt"), {"model": model.state_dict(), "epoch": 3})
    assert load_checkpoint(Path(folder, "last.pt"))["epoch"] == 3

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `engine/checkpoint.py`: `save_checkpoint`, `load_checkpoint`, `load_model`
# - `engine/run.py`: `Run`
#
# ## 더 읽어 보기
#
# - [모델 저장하고 불러오기](https://tutorials.pytorch.kr/beginner/saving_loading_models.html)
# - [모델 저장하고 사용하기](https://tutorials.pytorch.kr/beginner/basics/saveloadrun_tutorial.html)
# - [`torch.save`](https://docs.pytorch.org/docs/stable/generated/torch.save.html)
# - [`torch.load`](https://docs.pytorch.org/docs/stable/generated/torch.load.html)
