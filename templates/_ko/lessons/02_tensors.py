# %% [markdown]
# # 2. 텐서
#
# 텐서에서 나는 실수는 거의 다 모양(shape) 실수입니다. 그러니 모양부터 보세요. 출력해 보고,
# 줄 끝에 주석으로 적고, 축마다 무엇을 뜻하는지 알아 두세요.

# %%
import sys
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.picture import show

print(torch.tensor([4, 5]), torch.zeros(2, 3), torch.arange(4), torch.linspace(0, 1, 3))
torch.manual_seed(0)  # the same random numbers each time
table = torch.rand(2, 3)  # random numbers from 0 up to 1
print(table, table < 0.2)  # each of the second is True with a probability of 0.2
print(torch.randn(2, 3))  # around 0, normally distributed: two of three are between -1 and 1
array = np.array([1.5, 2.5])  # the type of such numbers is float64 in NumPy, float32 in PyTorch
tensor = torch.from_numpy(array)  # and back: tensor.numpy(). Both share one memory:
tensor[0] = 9
assert array[0] == 9
print(tensor.dtype, tensor.float().dtype)  # torch.float64; .float() is a copy in torch.float32

# %% [markdown]
# **`*`와 `@`**: `+`, `-`, `*`, `/`, `==`는 같은 자리의 숫자끼리 계산합니다. `@`는 행렬곱입니다.
# 왼쪽의 행마다, 오른쪽의 열마다, 숫자끼리 곱해 모두 더합니다. 둘의 `dtype`이 같아야 합니다. 오류
# 메시지에서 *double*은 float64, *float*은 float32입니다.

# %%
points = torch.arange(6.0).reshape(2, 3)  # 2 rows, 3 columns: 0 1 2, 3 4 5
product = points @ torch.tensor([[1.0], [0.0], [2.0]])  # (2, 3) @ (3, 1) = (2, 1)
assert product.tolist() == [[4], [13]]  # 0 + 0 + 2 * 2, 3 + 0 + 2 * 5

# %% [markdown]
# **뷰**(view)는 대개 같은 메모리에 있는 같은 숫자를 다른 축으로 보여 줍니다. `reshape`는 숫자를
# 행 순서대로 읽어 다시 나누고, `.T`는 행과 열을 바꿉니다. `[:, None]`은 첫 번째 축 뒤에,
# `[None]`은 맨 앞에 크기 1인 축을 넣습니다. 축의 크기는 정수이니 `//`로 나누세요. `height / 2`는
# 소수점이 있는 수가 되어 크기로 쓸 수 없습니다.
#
# `torch.stack([a, b])`는 모양이 같은 텐서들을 새 축 0을 따라 늘어놓아 새 텐서를 만듭니다.

# %%
blocks = torch.arange(12).reshape(2, 3, 2)  # 2 rows of 3 blocks of 2 numbers
assert blocks[1, 0].tolist() == [6, 7]  # in the second row the first block
print(points.T.shape, points[:, None].shape, points[None].shape)  # (3, 2), (2, 1, 3), (1, 2, 3)
assert torch.stack([points[0], points[1]]).shape == (2, 3)  # of two tensors (3,)

# %% [markdown]
# **인덱싱**은 축마다 번호나 슬라이스를 줍니다. 정수의 리스트나 텐서를 주면 그 번호의 행을 그
# 순서대로 꺼내고, 행 번호와 열 번호를 하나씩 주면 둘이 짝을 이룹니다. *마스크*(mask)는 행마다
# `bool` 하나가 든 텐서인데, True인 행만 꺼냅니다. `~mask`는 그 반대입니다.

# %%
print("second row:", points[1], "last column:", points[:, -1])
assert points[[0, 1, 1], [0, 2, 0]].tolist() == [0, 5, 3]  # at (0, 0), (1, 2) and (1, 0)
assert points[torch.tensor([1, 0, 1])].tolist() == [[3, 4, 5], [0, 1, 2], [3, 4, 5]]
mask = points[:, 0] > 2  # for each row: is its first number above 2? False, True
assert points[mask].tolist() == [[3, 4, 5]]
assert points[~mask].tolist() == [[0, 1, 2]]

# %% [markdown]
# **축소 연산**(`sum`, `mean`, `std`, `max`)은 축을 없앱니다. `dim`은 없어질 축의 번호입니다.
# 모양 (2, 3)에서 `sum(dim=0)`은 (3,)을, `sum(dim=1)`은 (2,)를 남깁니다.
#
# 표준편차 `std`는 숫자들이 평균에서 얼마나 떨어져 있는지 알려 줍니다. 평균과의 차이를 제곱해
# 더하고, 그 합을 나눈 뒤 제곱근을 구합니다. 숫자가 N개일 때 PyTorch는 N - 1로 나누고,
# `correction=0`을 주면 N으로 나눕니다.

# %%
assert points.sum(dim=0).tolist() == [3, 5, 7]  # (2, 3) becomes (3,): each column added up
assert points.sum(dim=1).tolist() == [3, 12]  # (2, 3) becomes (2,): each row added up
assert blocks.sum(dim=2).tolist() == [[1, 5, 9], [13, 17, 21]]  # each block added up
assert blocks.sum(dim=(0, 2)).tolist() == [14, 22, 30]  # two axes at once
values, places = points.max(dim=1)  # of each row: its largest number, and in which column it is
assert [values.tolist(), places.tolist()] == [[2, 5], [2, 2]]
three = torch.tensor([1.0, 3.0, 5.0])  # mean 3; squared distances from it: 4, 0, 4
assert three.std() == 2  # the root of 8 / 2
print(three.std(correction=0))  # the root of 8 / 3: 1.633

# %% [markdown]
# **브로드캐스팅**: 모양은 마지막 축부터 비교합니다. 크기가 1이거나 앞에 없는 축은 상대에 맞게
# 반복됩니다. 그래서 (2, 1) + (3,)은 모든 합의 표가 됩니다. 맞지 않으면 오류 메시지에
# *non-singleton dimension*이 나오는데, 크기가 1이 아닌 축이라는 뜻입니다. **퍼즐**: 실행하기
# 전에 각 쌍의 결과가 어떤 모양일지, 어느 쌍이 맞지 않을지 말해 보세요.

# %%
for first, second in [((2, 3), (3,)), ((4, 1, 3), (5, 1)), ((2, 3), (2, 1)), ((2, 3), (2,))]:
    try:
        print(first, second, "->", tuple(torch.broadcast_shapes(first, second)))
    except RuntimeError:
        print(first, second, "do not fit: 3 columns against 2")
assert (points - points.mean(dim=0)).mean(dim=0).tolist() == [0, 0, 0]  # (2, 3) - (3,)
tens, ones = torch.tensor([[10], [20]]), torch.tensor([1, 2, 3])  # (2, 1) and (3,)
# ones[None] is a view of (1, 3), so that it can be drawn; expand repeats as broadcasting does.
grids = {"tens (2, 1)": tens, "ones (3,)": ones[None], "tens repeated": tens.expand(2, 3)}
grids |= {"+ ones repeated": ones.expand(2, 3), "= tens + ones (2, 3)": tens + ones}
figure = Figure((10, 1.7), layout="constrained")
for axes, (name, grid) in zip(figure.subplots(1, 5), grids.items(), strict=True):
    axes.imshow(grid.numpy(), cmap="Blues", vmin=-10, vmax=40)
    for (row, column), number in np.ndenumerate(grid.numpy()):
        axes.text(column, row, number, ha="center", va="center")
    axes.set(title=name, xlim=(-0.5, 2.5), ylim=(1.5, -0.5), frame_on=False, xticks=[], yticks=[])
show(figure, "02_broadcasting.png")

# %% [markdown]
# **숫자의 자료형**도 중요합니다. 픽셀은 흔히 1바이트인 `uint8`에 담기는데, 255 다음은 다시
# 0입니다. `.float()`(float32), `.long()`(int64), `.to(torch.uint8)`은 자료형을 바꾸고, 비교한
# 결과는 `bool`입니다.
#
# **이 프로젝트의 배치**는 입력(텐서 하나 또는 여러 텐서의 튜플)과 라벨, 이렇게 둘로 되어
# 있습니다. 모든 텐서의 첫 번째 축이 배치이고, 그 뒤의 축들이 예제 하나를 나타냅니다.

# %%
pixel = torch.tensor([250], dtype=torch.uint8)
assert (pixel + 10).item() == 4
print(pixel.float() + 10, pixel > 200, (pixel > 200).long())  # 260.0, True, 1
print(torch.tensor([2.7]).to(torch.uint8))  # 2: what stands behind the point is cut off
loader = make_loader(load_data(Config()).train, batch_size=32, settings=Config(), seed=0)
inputs, labels = next(iter(loader))
for tensor in inputs if isinstance(inputs, tuple) else (inputs,):
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
# - [텐서](https://tutorials.pytorch.kr/beginner/basics/tensorqs_tutorial.html)
# - [`torch.Tensor`](https://docs.pytorch.org/docs/stable/tensors.html)
# - [브로드캐스팅](https://docs.pytorch.org/docs/stable/notes/broadcasting.html)
