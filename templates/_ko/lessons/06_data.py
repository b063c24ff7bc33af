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
from data import load_splits
from loading.sampler import make_loader


class Squares(Dataset):
    def __len__(self):
        return 10

    def __getitem__(self, index):
        return index / 10, index**2  # the transform: from 0 to 9, now from 0 to 1


print("one example:", Squares()[7])
loader = DataLoader(Squares(), batch_size=4, shuffle=True)
for numbers, squares in loader:
    print("batch:", numbers.tolist(), squares.tolist())
assert len(squares) == 2  # 10 examples are 4 + 4 + 2

# %% [markdown]
# **이 프로젝트의 데이터**는 서로 겹치지 않는 세 부분입니다. `train`으로 배우고, `val`로
# 고르고, `test`로는 맨 마지막에 한 번만 평가합니다. 배치를 통째로 내주기 때문에
# 빠르고, 순서는 시드와 에폭으로만 정해집니다.

# %%
config, splits = Config(), load_splits(Config())
print({name: len(splits[name]) for name in ("train", "val", "test")})
loaders = [make_loader(splits["train"], config, batch_size=64, seed=s) for s in (0, 0, 1)]
batch, again, other = (next(iter(loader)) for loader in loaders)
print("batch:", [tuple(tensor.shape) for tensor in batch], "batches:", len(loaders[0]))
assert torch.equal(batch[-1], again[-1])
assert not torch.equal(batch[-1], other[-1])

# %% [markdown]
# **데이터를 눈으로 보세요**: `runs/lessons/06_batch.png`에 예제 몇 개와 라벨이 있습니다.

# %%
inputs, names = batch[0][:12], [splits["classes"][label] for label in batch[-1][:12]]
axes = (figure := Figure((8, 3), layout="constrained")).subplots()
if inputs.ndim == 4:  # images (N, C, H, W): side by side
    axes.imshow(torch.cat([*inputs[:, 0]], dim=1).numpy(), cmap="gray")  # (H, N * W)
    axes.set_xticks([(number + 0.5) * inputs.shape[3] for number in range(12)], names)
else:  # rows: columns of a table on the same scale, or characters by number, 0 behind the end
    table = inputs.unique(return_inverse=True)[1]
    if inputs.is_floating_point():
        table = (inputs - inputs.mean(dim=0)) / inputs.std(dim=0)
    axes.imshow(table.numpy(), cmap="gray", aspect="auto")
    axes.set_yticks(range(12), names)
folder = Path(sys.path[0], "runs", "lessons")
folder.mkdir(parents=True, exist_ok=True)
figure.savefig(folder / "06_batch.png")

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `data.py`: `load_splits`
# - `loading/sampler.py`: `make_loader`, `BatchSampler`
#
# ## 더 읽어 보기
#
# - [Dataset과 DataLoader](https://docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html)
# - [`torch.utils.data.DataLoader`](https://docs.pytorch.org/docs/stable/data.html)
