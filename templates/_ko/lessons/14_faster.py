# %% [markdown]
# # 14. 더 빠르게
#
# 먼저 재고, 하나를 바꾸고, 다시 잽니다. 무엇이 더 빠른지는 컴퓨터마다 다릅니다. 그래서 이
# 레슨에서는 시간을 출력만 하고, 결과가 그대로라는 것만 assert로 확인합니다.

# %%
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # the profiler then says nothing about itself
import torch
from matplotlib.figure import Figure
from torch import nn
from torch.autograd.graph import saved_tensors_hooks
from torch.profiler import ProfilerActivity, profile

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.picture import show
from model import build_model, compute_loss

config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.train, batch_size=64, settings=config, seed=0)))
model = build_model(config, data.info)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)


def step():
    optimizer.zero_grad()
    compute_loss(model, batch, config)[0].mean().backward()
    optimizer.step()


# %% [markdown]
# 이 프로젝트의 신경망이 한 스텝에 쓰는 시간을 **재 봅니다**. 첫 호출은 메모리를 마련하고 코드를
# 불러오느라 흔히 더 오래 걸리므로, 재기 전에 먼저 호출합니다(**워밍업**). 그다음 여러 번 재서
# 중앙값을 씁니다. 동떨어진 값 하나로는 거의 바뀌지 않습니다. 파이썬은 GPU를 기다리지 않으므로,
# 시계를 볼 때마다 먼저 `torch.accelerator.synchronize()`를 호출하세요. **프로파일러**는 시간이 어느
# 연산에 드는지 알려 줍니다. "self"는 그 연산이 호출하는 다른 연산의 시간을 뺀 것입니다.

# %%
times = []
for _ in range(9):
    start = time.perf_counter()
    step()
    times.append(1000 * (time.perf_counter() - start))  # milliseconds
print("milliseconds:", [round(one, 1) for one in times])

with profile(activities=[ProfilerActivity.CPU]) as profiled:
    step()
slowest = sorted(profiled.key_averages(), key=lambda one: one.self_cpu_time_total)[-8:]
figure = Figure((11, 3.5), layout="constrained")
panels = figure.subplots(1, 3)
panels[0].bar(range(1, 10), times)
panels[0].set(title="The first call warms up", xlabel="call", ylabel="milliseconds")
panels[1].barh([one.key[-30:] for one in slowest], [one.self_cpu_time_total for one in slowest])
panels[1].set(title="Where the time of a step goes", xlabel="microseconds, self")

# %% [markdown]
# **컴파일**: `torch.compile`은 함수가 텐서로 하는 일을 기록하고, 백엔드가 그것으로 새 코드를
# 만듭니다. 보통 쓰는 백엔드는 연산을 합쳐서 메모리를 오가는 숫자를 줄입니다. 첫 호출은 몇 초나 몇
# 분이 걸리고, CPU에서는 C++ 컴파일러가 있어야 합니다. 그래서 여기서는 직접 만든 백엔드가 기록을
# 출력하고 그대로 실행합니다. 빨라지지는 않습니다. 실제로는 `torch.compile(curve)`, 이
# 프로젝트에서는 `--compile`입니다.


# %%
def curve(x):
    return torch.sin(x) * 2 + 1


def print_what_was_recorded(graph, inputs):
    print(graph.code.strip())
    return graph.forward


compiled = torch.compile(curve, backend=print_what_was_recorded)
torch.testing.assert_close(compiled(torch.ones(3)), curve(torch.ones(3)))

# %% [markdown]
# **bf16.** `autocast` 안에서는 레이어가 16비트 숫자로 계산합니다. 메모리는 절반이고, 유효 숫자는
# 두세 자리입니다. 가중치는 float32 그대로입니다. 지원하는 GPU는 훨씬 빨라질 수 있지만 많은 CPU는
# 그렇지 않습니다. **그래디언트 누적**(gradient accumulation)을 쓰면 작은 배치의 메모리로 큰 배치를
# 학습합니다. 그래디언트는 더해지므로, 예제 8개짜리 조각 넷의 평균 손실을 4로 나누면 예제 32개의
# 그래디언트입니다. 이 프로젝트에서는 `--precision bf16`, `--accumulate 4`입니다. 데이터 읽기가
# 스텝보다 느리면 `--num-workers 4`로 프로세스 넷이 배치를 준비합니다(DataLoader의 `num_workers`).

# %%
layer = nn.Linear(256, 256)
inputs, targets = torch.randn(2, 32, 256)
with torch.autocast("cpu", torch.bfloat16):
    outputs = layer(inputs)
assert (outputs.dtype, layer.weight.dtype) == (torch.bfloat16, torch.float32)
torch.testing.assert_close(outputs.float(), layer(inputs), rtol=0.02, atol=0.02)
nn.functional.mse_loss(layer(inputs), targets).backward()
whole = layer.weight.grad.clone()
layer.zero_grad()
for some_inputs, some_targets in zip(inputs.split(8), targets.split(8), strict=True):
    (nn.functional.mse_loss(layer(some_inputs), some_targets) / 4).backward()
torch.testing.assert_close(layer.weight.grad, whole)

# %% [markdown]
# **메모리.** 학습에는 가중치, 가중치마다 그래디언트 하나와 Adam의 모멘트 둘, 그리고 순전파에서 나와
# `backward`에 쓰이는 **활성값**(activation)이 메모리에 있어야 합니다. 배치가 커질 때 늘어나는 것은
# 활성값뿐입니다. `torch.inference_mode` 안에서는 활성값을 남기지 않습니다.


# %%
def activations(count):
    """Return the bytes that the forward pass of so many examples keeps for backward."""
    loader = make_loader(data.train, batch_size=count, settings=config, seed=0)
    kept = {}  # by where they lie in memory: some are kept twice
    with saved_tensors_hooks(lambda x: kept.setdefault(x.data_ptr(), x), lambda x: x):
        compute_loss(model, next(iter(loader)), config)
    weights = {weight.data_ptr() for weight in model.parameters()}
    return sum(tensor.nbytes for place, tensor in kept.items() if place not in weights)


sizes = {
    "weights": sum(weight.nbytes for weight in model.parameters()),
    "gradients": sum(w.grad.nbytes for w in model.parameters() if w.grad is not None),
    "Adam": sum(m["exp_avg"].nbytes + m["exp_avg_sq"].nbytes for m in optimizer.state.values()),
    "activations of 16": activations(16),
    "activations of 64": activations(64),
}
with torch.inference_mode():
    assert activations(16) == 0
assert sizes["Adam"] == 2 * sizes["gradients"]
panels[2].barh(sizes.keys(), [size / 1e6 for size in sizes.values()])
panels[2].set(title="Memory of a training", xlabel="megabytes")
show(figure, "14_time_and_memory.png")

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `engine/device.py`: `autocast`
# - `train.py`: `train`
#
# ## 더 읽어 보기
#
# - [성능 튜닝 가이드](https://tutorials.pytorch.kr/recipes/recipes/tuning_guide.html)
# - [torch.compile 소개](https://tutorials.pytorch.kr/intermediate/torch_compile_tutorial.html)
# - [`torch.profiler`](https://docs.pytorch.org/docs/stable/profiler.html)
