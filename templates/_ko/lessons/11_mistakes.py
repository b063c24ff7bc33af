# %% [markdown]
# # 11. 열 가지 실수
#
# PyTorch는 쓴 그대로 계산합니다. 뜻한 것과 달라도 마찬가지입니다. 아래 열 가지는 누구나 하는
# 실수이고, 대부분 오류도 나지 않습니다. 어떻게 나타나는지 익히고, 먼저 두 가지부터 확인하세요. **첫
# 손실**: 새 신경망은 아무것도 모르므로 클래스가 10개면 손실이 약 log(10), 곧 2.3입니다. **예제 몇
# 개 외우기**: 올바른 프로그램이라면 그 손실이 0 가까이 줄어듭니다.

# %%
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn import functional

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.digits import read_digits
from lessons.picture import show

pictures, labels = read_digits()  # uint8 from 0 to 16; 10 classes
pixels = pictures.flatten(1)  # (1797, 64)


def train(inputs=pixels / 16, labels=labels, end=(), lr=0.5, clear=True, steps=60, only=1797):
    """Train a new network on the first `only` examples, and return it and each step's loss."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10), *end)
    optimizer = torch.optim.SGD(network.parameters(), lr=lr)
    history = []
    for indices in torch.randint(only, (steps, 64)):
        if clear:
            optimizer.zero_grad()
        loss = functional.cross_entropy(network(inputs[indices]), labels[indices])
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return network, history


network, right = train()
_, by_heart = train(only=8)
print(f"first loss {right[0]:.2f}, eight examples by heart {by_heart[-1]:.3f}")
assert abs(right[0] - 2.3) < 0.2
assert by_heart[-1] < 0.1

# %% [markdown]
# 손실에 드러나는 다섯 가지 실수입니다. **1 softmax를 두 번**: `cross_entropy`는 로짓을 받아
# softmax까지 계산합니다. 한 번 더 하면 여기서는 손실이 거의 줄지 않고, 1.46 아래로는 내려가지
# 않습니다. **2 `zero_grad`를 빠뜨림**: 처음에는 올바른 프로그램보다 빠르지만, 스텝마다 앞선 스텝을
# 모두 되풀이하므로 손실이 다시 커집니다. **3 너무 큰 학습률**: 첫 몇 스텝에서 손실이 치솟습니다.
# **4 섞인 라벨**: 입력과 라벨의 순서가 서로 다릅니다. 여기서는 실수 1과 비슷해 보이지만, 예제 몇
# 개는 외웁니다. **5 dtype**: `uint8`에는 -8이 없어 255부터 거꾸로 세므로, 0 - 8은 248입니다. 첫
# 손실이 2.3과 크게 다르고, 곧 치솟은 뒤에는 0보다 큰 ReLU가 하나도 없습니다. 입력의 dtype과 최솟값,
# 최댓값을 출력해 보세요.

# %%
wrapped = (pixels - 8) / 8
print("(pixels - 8) / 8:", wrapped.dtype, "from", wrapped.min().item(), "to", wrapped.max().item())
assert wrapped.min() == 0  # it should have been -1
broken = {
    "1 softmax twice": train(end=[nn.Softmax(dim=1)]),
    "2 no zero_grad": train(clear=False),
    "3 learning rate 20": train(lr=20),
    "4 shuffled labels": train(labels=labels[torch.randperm(1797)]),
    "5 uint8 below 0": train(inputs=wrapped),
}
figure = Figure((9, 2.6), layout="constrained")
panels = figure.subplots(1, 5, sharey=True)
for axes, (name, (_, history)) in zip(panels, broken.items(), strict=True):
    axes.plot(right, color="0.7", label="right")
    axes.plot(history, color="tab:red", label="broken")
    axes.set(title=name, xlabel="step", ylim=(0, 5))
    assert sum(history[-10:]) > 2 * sum(right[-10:])
    print(f"{name:18} first loss {history[0]:5.2f}, last {history[-1]:.2f}")
panels[0].set_ylabel("loss")
panels[0].legend(loc="upper right")
show(figure, "11_mistakes.png")

# %% [markdown]
# **손실이 치솟으면 레이어를 찾으세요.** 레이어마다 그래디언트의 크기를 출력해 보세요. 그래디언트는
# 앞쪽 레이어들에서 들어오는 값과 뒤쪽 레이어들에서 돌아오는 값으로 만들어집니다. 그래서 지나치게 큰
# 가중치는 *다른* 모든 레이어에 드러납니다. 학습률을 낮추기 전에 그 레이어를 고치세요.
# `nn.utils.clip_grad_norm_`은 호출한 순간에 들어 있는 그래디언트의 크기를 제한합니다.

# %%
deep = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
nn.init.normal_(deep[2].weight)  # 14 times its usual size
functional.cross_entropy(deep(pixels / 16), labels).backward()
sizes = {layer: deep[layer].weight.grad.norm().item() for layer in (0, 2, 4)}
print("gradients:", ", ".join(f"layer {layer} {size:.2f}" for layer, size in sizes.items()))
assert min(sizes, key=sizes.get) == 2

# %% [markdown]
# **6 소리 없는 브로드캐스팅**: (N, 1)과 (N,)은 (N, N)이 되므로 예측 하나하나를 모든 라벨과 비교하게
# 됩니다. 모양을 출력하세요. **7 `eval()`을 빠뜨림**: 학습 모드에서 드롭아웃은 매번 새로 뽑고, 배치
# 정규화는 예제끼리 영향을 주고받게 하며 자신도 바뀝니다. 두 번 재어 보세요. 같은 수인가요?

# %%
predictions = network(pixels / 16).argmax(dim=1, keepdim=True)  # (N, 1): the axis stays
hits = predictions == labels
print("hits", tuple(hits.shape), f"mean {hits.float().mean():.2f}: the mistake")
assert hits.shape == (1797, 1797)
assert (predictions[:, 0] == labels).float().mean() > 0.5 > hits.float().mean()

shaky = nn.Sequential(network, nn.Dropout(0.5))
print("twice:", [shaky(pixels[:9] / 16).sum().item() for _ in range(2)])
torch.testing.assert_close(shaky.eval()(pixels / 16), network(pixels / 16))

# %% [markdown]
# **8 누출**: 검증 데이터의 일부가 학습에 들어가 점수가 너무 좋습니다. 무작위로 뽑은 라벨로 한 번
# 학습해 보세요. 클래스가 10개일 때 정확도가 0.1보다 높으면 누출입니다.

# %%
nonsense = torch.randint(10, (300,)).repeat(2)
twins = (pixels[:300] / 16).repeat(2, 1) + 0.1 * torch.rand(600, 64)  # each picture comes twice
nearest = torch.cdist(twins[300:], twins[:300]).argmin(dim=1)  # of the training half
leaked = (nonsense[nearest] == nonsense[300:]).float().mean().item()
print(f"accuracy on labels that mean nothing: {leaked:.2f}")
assert leaked > 0.9

# %% [markdown]
# **9 장치**: `to`는 파라미터와 버퍼(`self.register_buffer`: 학습되지 않음)를 옮깁니다. 다른 텐서는
# CPU에 남아 GPU에서 오류가 납니다. 숫자가 없는 장치 `meta`를 쓰면 어느 컴퓨터에서나 드러납니다.
# **10 남아 있는 그래프**: 손실은 `backward`에 필요한 것을 모두 붙들고 있습니다. 손실을 더한 것은
# 모든 배치의 그래프를 붙들고 있어 결국 메모리가 모자랍니다. 출력에 `grad_fn`이 있습니다.

# %%
try:
    print(torch.empty(5, 64, device="meta") - torch.ones(64))  # the second one is on the CPU
except RuntimeError as error:
    print("device:", error)
total = sum(network(part / 16).square().mean() for part in pixels.split(600))
print("graph:", total)
assert total.grad_fn is not None  # the whole graph is still there; a plain number has none

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `engine/contract.py`: `check_labels`, `check_outputs`, `check_losses`
# - `tests/test_model.py`: `test_the_network_can_learn_a_few_examples_by_heart`
#
# ## 더 읽어 보기
#
# - [자주 묻는 질문](https://docs.pytorch.org/docs/stable/notes/faq.html)
# - [브로드캐스팅](https://docs.pytorch.org/docs/stable/notes/broadcasting.html)
# - [학습 반복문](https://tutorials.pytorch.kr/beginner/basics/optimization_tutorial.html)
# - [`torch.nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
