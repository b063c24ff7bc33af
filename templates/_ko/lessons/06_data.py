# %% [markdown]
# # 6. 데이터
#
# **Dataset**은 "7번 예제 주세요"에 답합니다. **DataLoader**는 Dataset에서 배치를 하나씩
# 받아 오는데, 에폭마다 순서가 바뀝니다. **transform**은 도중에 예제를 변형합니다.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch.utils.data import DataLoader, Dataset

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader


class Squares(Dataset):
    def __len__(self):
        return 10

    def __getitem__(self, index):
        number = index / 10  # the transform: it was 0 to 9, now it is 0 to 0.9
        return number, index**2  # the input and the label


print("one example:", Squares()[7])
loader = DataLoader(Squares(), batch_size=4, shuffle=True)
for numbers, squares in loader:
    print("batch:", numbers.tolist(), squares.tolist())
assert len(squares) == 2  # 10 examples are 4 + 4 + 2

# %% [markdown]
# **이 프로젝트의 데이터**는 서로 겹치지 않는 Dataset 세 개입니다. `train`으로 배우고, `val`로
# 고르고, `test`로는 맨 마지막에 한 번만 평가합니다.

# %%
config = Config()
data = load_data(config)
for name in ("train", "val", "test"):
    dataset = getattr(data, name)  # data.train, data.val, data.test
    print(name, len(dataset), "examples")
example, label = data.train[0]  # one input and its label
collate_fn = getattr(data.train, "collate_fn", None)  # how to make a batch; few need their own
loader = DataLoader(data.train, batch_size=4, collate_fn=collate_fn)
inputs, labels = next(iter(loader))
print("label:", label, "labels of a batch:", labels)
assert labels[0] == label

# %% [markdown]
# **이 프로젝트의 DataLoader**는 `make_loader`가 만들고 `train.py`가 씁니다. 순서가 시드와
# 에폭으로만 정해지므로, 멈춘 학습을 그 자리에서 똑같이 이어 갈 수 있습니다.


# %%
def order(seed):
    """Return the labels of an epoch in the order in which they come."""
    loader = make_loader(Squares(), batch_size=4, settings=config, seed=seed)
    return torch.cat([labels for inputs, labels in loader]).tolist()


print("seed 0:", order(0))
print("seed 1:", order(1))
assert order(0) == order(0)
assert order(0) != order(1)

# %% [markdown]
# **데이터를 눈으로 보세요**: `runs/lessons/06_batch.png`에 예제 몇 개와 라벨이 있습니다.

# %%
inputs, labels = next(iter(make_loader(data.train, batch_size=12, settings=config, seed=0)))
if isinstance(inputs, tuple):
    inputs = inputs[0]  # where there are several, the first: of a table its numbers
names = [f"{label:.4g}" for label in labels.tolist()]
if data.info.classes:
    names = [data.info.classes[label] for label in labels]

figure = Figure((8, 3), layout="constrained")
axes = figure.subplots()
if inputs.ndim == 4:  # pictures (N, C, H, W), side by side
    row = torch.cat(list(inputs[:, 0]), dim=1)  # (H, N * W)
    axes.imshow(row.numpy(), cmap="gray")
    width = inputs.shape[3]
    axes.set_xticks([width * (number + 0.5) for number in range(len(names))], names)
else:  # an example is a row
    rows = inputs.reshape(len(inputs), -1)
    if rows.is_floating_point():  # numbers: all columns on the same scale
        rows = (rows - rows.mean(dim=0)) / rows.std(dim=0)
    else:  # characters: 0 behind the end, then each that there is by a number of its own
        rows = rows.unique(return_inverse=True)[1]
    axes.imshow(rows.numpy(), cmap="gray", aspect="auto")
    axes.set_yticks(range(len(names)), names)
folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure.savefig(folder / "06_batch.png")

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `data.py`: `load_data`
# - `engine/dataset.py`: `Data`, `InMemory`, `BatchSampler`
# - `engine/loader.py`: `make_loader`
#
# ## 더 읽어 보기
#
# - [Dataset과 DataLoader](https://docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html)
# - [`torch.utils.data.DataLoader`](https://docs.pytorch.org/docs/stable/data.html)
