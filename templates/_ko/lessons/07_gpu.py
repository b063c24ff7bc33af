# %% [markdown]
# # 7. GPU
#
# GPU는 작은 계산 수천 개를 한꺼번에 합니다. 메모리가 따로 있어서 텐서를 그리로 옮겨야 합니다.
# 나머지 코드는 그대로입니다. GPU가 없으면 레슨이 그 사실을 알려 주고 CPU에서 실행됩니다.

# %%
import sys
import time
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from engine.device import pick_device
from lessons.picture import show

device = pick_device("auto")
print("this machine has", device if device.type != "cpu" else "no GPU: all is done on the CPU")

# %% [markdown]
# **텐서에서** `.to(device)`를 호출하면 그 장치에 있는 텐서를 돌려주고, 원래 텐서는 있던 곳에 그대로
# 있습니다. 돌려받은 텐서를 쓰세요. **모델에서** `.to(device)`를 호출하면 모델 자체의 가중치가
# 옮겨집니다. `meta` 장치는 어느 컴퓨터에나 있습니다. 이 장치의 텐서에는 모양만 있고 숫자가 없지만,
# 무엇이 어디에 있는지는 드러납니다.

# %%
tensor = torch.ones(2, 3)
moved = tensor.to("meta")
assert moved.device.type == "meta"
assert tensor.device.type == "cpu"  # not moved

model = nn.Linear(3, 2)
model.to("meta")
assert model.weight.device.type == "meta"  # moved

# %% [markdown]
# **함께 계산할 텐서는 같은 장치에 있어야 합니다.** 그렇지 않으면 GPU에서는 "Expected all tensors to
# be on the same device, but found at least two devices, cuda:0 and cpu!"라는 오류가 납니다. 배치를
# 옮기지 않았거나, 새 텐서를 CPU에 만든 경우가 많습니다. 새 텐서는 `device=inputs.device`를 주어
# 만드세요.

# %%
try:
    model(tensor)  # the weights are on meta, the inputs are not
    raise AssertionError("two devices met, and no error came")
except RuntimeError as error:
    print(error)
model(tensor.to(model.weight.device))

# %% [markdown]
# **GPU에서 학습할 때**는 옵티마이저를 만들기 전에 모델을 한 번 옮기고, 배치는 나올 때마다 옮깁니다.
# `.item()`과 `print`는 수를 CPU로 가져오므로 계산이 끝날 때까지 기다립니다.

# %%
model = nn.Linear(3, 2).to(device)
batches = [(torch.randn(8, 3), torch.randint(2, (8,))) for _ in range(4)]  # on the CPU
for inputs, labels in batches:
    inputs, labels = inputs.to(device), labels.to(device)
    loss = nn.functional.cross_entropy(model(inputs), labels)
    loss.backward()  # in a training, the optimizer takes its step now
print(f"loss: {loss.item():.3f}")
assert loss.device.type == device.type
assert batches[0][0].device.type == "cpu"

# %% [markdown]
# **얼마나 빠를까요?** 파이썬은 GPU에 할 일을 알려 줄 뿐, 끝나기를 기다리지 않습니다. 그래서 시간을
# 제대로 재려면 시계를 시작하기 전과 멈추기 전에 `synchronize`를 호출합니다. 첫 호출은 재지
# 않습니다. 필요한 것을 불러오는 시간도 들기 때문입니다. 그림을 보면, 표가 크면 시간이 크기의
# 세제곱에 비례해 늘어납니다. 표가 작으면 곱셈보다 일을 시키는 데 시간이 더 걸립니다. 그래서
# 곡선이 평평하고, GPU도 더 빠르지 않습니다.


# %%
def seconds(device, size, rounds=3):
    """Return how long a product of two square tables takes on a device."""
    table = torch.rand(size, size, device=device)
    product = table @ table
    if device.type != "cpu":
        torch.accelerator.synchronize()
    began = time.perf_counter()
    for _ in range(rounds):
        product = table @ table
    if device.type != "cpu":
        torch.accelerator.synchronize()
    assert product.shape == table.shape
    return (time.perf_counter() - began) / rounds


sizes = [16, 32, 64, 128, 256, 512, 1024]
figure = Figure((6, 3.6), layout="constrained")
axes = figure.subplots()
devices = [torch.device("cpu")] + [device] * (device.type != "cpu")
for one in devices:
    times = [seconds(one, size) for size in sizes]
    print(f"{one}: {1000 * times[-1]:.2f} ms for a size of {sizes[-1]}")
    axes.loglog(sizes, times, "o-", label=f"{one}, measured")
    if one.type == "cpu":
        cubes = [times[-1] * (size / sizes[-1]) ** 3 for size in sizes]
        assert times[-1] > times[0]
axes.loglog(sizes, cubes, "--", color="grey", label="third power of the size")
axes.set(xlabel="size of the square tables", ylabel="seconds", title="One product of two tables")
axes.set_xticks(sizes, sizes)
axes.legend()
show(figure, "07_product.png")

# %% [markdown]
# **bfloat16**은 16비트이고 float32는 32비트입니다. 메모리도 절반만 들고, 이를 지원하는 GPU에서는 더
# 빠릅니다. 대신 유효 숫자가 두세 자리뿐입니다. 그래서 `torch.autocast`는 표의 곱셈처럼 그 정도로
# 충분한 곳에만 씁니다. 가중치와 그래디언트는 float32 그대로입니다. 블록 안에는 순전파만 넣습니다.

# %%
weights = model.weight
print(weights.dtype, weights.numel(), "numbers of", weights.element_size(), "bytes")
with torch.autocast(device.type, torch.bfloat16):
    outputs = model(inputs)
print("under autocast:", outputs.dtype, outputs.element_size(), "bytes")
assert outputs.dtype == torch.bfloat16
outputs.float().sum().backward()
assert weights.dtype == weights.grad.dtype == torch.float32
assert torch.tensor(1.001).bfloat16() == 1  # rounded

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `engine/device.py`: `pick_device`, `autocast`
# - `engine/dataset.py`: `to_device`
#
# ## 더 읽어 보기
#
# - [CUDA 다루기](https://docs.pytorch.org/docs/stable/notes/cuda.html)
# - [텐서와 장치](https://tutorials.pytorch.kr/beginner/basics/tensorqs_tutorial.html)
# - [혼합 정밀도](https://tutorials.pytorch.kr/recipes/recipes/amp_recipe.html)
# - [`torch.Tensor.to`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html)
# - [`torch.autocast`](https://docs.pytorch.org/docs/stable/amp.html)
