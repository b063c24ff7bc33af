# %% [markdown]
# # 2. 텐서
#
# 텐서에서 나는 실수는 거의 다 모양(shape) 실수입니다. 그러니 모양부터 보세요. 출력해 보고,
# 줄 끝에 주석으로 적고, 축마다 무엇을 뜻하는지 알아 두세요.

# %%
import sys
from pathlib import Path

import torch

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader

points = torch.arange(6).reshape(2, 3)  # 2 rows, 3 columns
print(points, points.shape)
print("second row:", points[1], "last column:", points[:, -1])
assert points[1].tolist() == [3, 4, 5]

# %% [markdown]
# **축소 연산**은 축 하나를 없앱니다. `dim=0`은 열을 따라, `dim=1`은 행을 따라 계산합니다.

# %%
print("sums:", points.sum(dim=0), points.sum(dim=1))
assert points.sum(dim=1).tolist() == [3, 12]

# %% [markdown]
# **브로드캐스팅**: 크기가 1이거나 앞에 없는 축은 상대에 맞게 반복됩니다. 그래서 열마다
# 평균을 빼는 일도, 모든 것을 서로 비교하는 일도 반복문 없이 할 수 있습니다.

# %%
columns = points.float()
centred = columns - columns.mean(dim=0)  # (2, 3) - (3,)
print(centred)
assert centred.mean(dim=0).tolist() == [0, 0, 0]

labels = torch.tensor([2, 0])
matches = labels[:, None] == torch.arange(3)  # (2, 1) == (3,) gives (2, 3)
print(matches)
assert matches.long().argmax(dim=1).tolist() == labels.tolist()

# %% [markdown]
# **숫자의 자료형**(`dtype`)도 중요합니다. 픽셀은 흔히 1바이트에 담기는데, 255 다음은
# 다시 0입니다.

# %%
pixel = torch.tensor([250], dtype=torch.uint8)
print(pixel + 10, pixel.float() + 10)
assert (pixel + 10).item() == 4
assert (pixel.float() + 10).item() == 260

# %% [markdown]
# **이 프로젝트의 배치**는 입력과 라벨, 이렇게 둘로 되어 있습니다. 입력은 텐서 하나이거나 여러
# 텐서의 튜플입니다. 모든 텐서의 첫 번째 축이 배치이고, 그 뒤의 축들이 예제 하나를 나타냅니다.

# %%
config = Config()
data = load_data(config)
loader = make_loader(data.train, batch_size=32, settings=config, seed=0)
inputs, labels = next(iter(loader))
if not isinstance(inputs, tuple):
    inputs = (inputs,)  # one tensor
for tensor in inputs:
    print("inputs:", tuple(tensor.shape), tensor.dtype)
    assert len(tensor) == len(labels), "data.py: each example has one input and one label"
print("labels:", tuple(labels.shape), labels.dtype, labels[:8])

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `data.py`: `load_data`, `read_input`
#
# ## 더 읽어 보기
#
# - [텐서](https://docs.pytorch.org/tutorials/beginner/basics/tensorqs_tutorial.html)
# - [`torch.Tensor`](https://docs.pytorch.org/docs/stable/tensors.html)
# - [브로드캐스팅](https://docs.pytorch.org/docs/stable/notes/broadcasting.html)
