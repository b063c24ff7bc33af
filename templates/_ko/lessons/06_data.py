# %% [markdown]
# # 6. 데이터
#
# **Dataset**은 두 가지 질문에 답하는 클래스입니다. 예제가 몇 개인지(`__len__`), 그리고 `index`번
# 예제가 무엇인지(`__getitem__`)입니다. 파일은 예제를 달라고 할 때 읽어도 됩니다. 예제는 대개 입력과
# 라벨의 쌍입니다.

# %%
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch.utils.data import DataLoader, Dataset

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_data
from engine.loader import make_loader
from lessons.digits import read_digits
from lessons.picture import show

torch.manual_seed(0)


class Digits(Dataset):
    """Handwritten digits: a picture (1, 8, 8) float32 in 0..1, and which digit it is."""

    def __init__(self, transform=None):
        pictures, digits = read_digits()  # (1797, 8, 8) from 0 to 16, and (1797,)
        self.pictures, self.labels = pictures[:200], digits[:200]
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        picture = self.pictures[index].unsqueeze(0) / 16
        if self.transform is not None:
            picture = self.transform(picture)
        return picture, int(self.labels[index])


# %% [markdown]
# **에폭**은 학습 데이터를 한 번 다 보는 것입니다. 따로 둔 **검증** 데이터로는 배우지 않은 것을
# 얼마나 잘 맞히는지 봅니다. **transform**은 도중에 예제를 변형합니다. 무작위로 변형하면 **데이터
# 증강**입니다. 에폭마다 예제가 조금씩 달라 보이지만 라벨은 여전히 맞습니다. (2를 거울에 비추면 2가
# 아닙니다.) 학습 데이터에만 적용합니다.
#
# 자료형에 주의하세요. 파일에 든 그림은 대개 `torch.uint8`이고 0부터 255까지입니다. 255를 넘으면
# 0부터 다시 시작하므로 250 + 10은 4가 됩니다. 더 큰 자료형으로 계산하고, `clamp`로 범위를 제한한 뒤
# `.to(torch.uint8)`로 되돌리세요.


# %%
def vary(picture):
    """Return the picture (1, 8, 8) moved by up to a pixel, less bright, and with noise."""
    padded = F.pad(picture, (1, 1, 1, 1))  # zeros left, right, at the top, below: (1, 10, 10)
    down, right = torch.randint(3, (2,)).tolist()  # two of 0, 1 and 2: 3 is left out
    moved = padded[:, down : down + 8, right : right + 8]
    brightness = 0.5 + 0.5 * torch.rand(1)
    return (brightness * moved + 0.1 * torch.randn(1, 8, 8)).clamp(0, 1)


plain = Digits()
varied = Digits(transform=vary)
sixteen = torch.stack([plain[3][0], *[varied[3][0] for _ in range(15)]])  # (16, 1, 8, 8)
assert not torch.equal(varied[3][0], varied[3][0])

# %% [markdown]
# **DataLoader**는 Dataset에서 배치를 하나씩 받아 옵니다. 예제 10개를 4개씩 받으면 4개, 4개, 2개가
# 됩니다. `shuffle=True`이면 에폭마다 순서가 바뀝니다. **collate 함수**는 예제의 리스트를 배치로
# 만듭니다. 기본 함수는 예제를 쌓기만 하므로 모양이 모두 같아야 합니다. 길이가 다른 텍스트를 묶는
# 함수는 직접 써야 합니다. 아래 함수는 모두 가장 짧은 것에 맞춰 자릅니다. 잘린 것은 사라지므로, 짧은
# 것을 채우는 경우가 더 많습니다. 이것은 연습문제에서 해 봅니다.


# %%
def cut(examples):
    """Return a batch of pairs (text, label): the texts (N, shortest), the labels (N,)."""
    shortest = min(len(text) for text, _ in examples)
    texts = torch.stack([text[:shortest] for text, _ in examples])
    return texts, torch.tensor([label for _, label in examples])


sizes = [len(labels) for pictures, labels in DataLoader(plain, batch_size=64, shuffle=True)]
assert sizes == [64, 64, 64, 8]  # 200 examples
sentences = [(torch.tensor([3, 1, 4]), 0), (torch.tensor([1, 5]), 1)]  # a list is a Dataset, too
texts, labels = next(iter(DataLoader(sentences, batch_size=2, collate_fn=cut)))
assert texts.tolist() == [[3, 1], [1, 5]]

# %% [markdown]
# **새는 분할**, 곧 데이터 누출(leak)이 있는 분할에서는 같은 것이 양쪽에 있습니다. 여기서는 손으로
# 쓴 숫자 40개를 밝기와 잡음을 달리해 4장씩 찍었습니다. *가장 가까운* 학습 사진의 라벨을 답으로
# 합니다. *사진*을 무작위로 나누면 검증 사진 대부분은 같은 숫자의 다른 사진이 학습 데이터에 있어서,
# 외우기만 해도 됩니다. *숫자*를 나누어 한 숫자의 사진을 모두 한쪽에 두면, 가장 가까운 사진은 다른
# 숫자를 찍은 것이므로 점수가 정직합니다. 새는지는 가장 가까운 학습 사진까지의 거리로 알 수
# 있습니다. 새면 거의 똑같은 사진이 많습니다. 한 사람의 사진, 하루에 찍은 사진은 모두 한쪽에 두세요.

# %%
digit_of = torch.arange(40).repeat_interleave(4)  # 0 0 0 0 1 1 1 1 ...
photos = torch.stack([plain[digit][0].flatten() for digit in digit_of])  # (160, 64)
photos = photos * (0.8 + 0.2 * torch.rand(160, 1)) + 0.1 * torch.randn(160, 64)
labels = torch.tensor([plain[digit][1] for digit in digit_of])

figure = Figure((9, 4), layout="constrained")
left, right = figure.subplots(1, 2)
leaking = torch.rand(160) < 0.4  # True: this photo is for validation
clean = (torch.rand(40) < 0.4)[digit_of]  # True: this digit is, with all its photos
scores = []
for name, val in (("photos split", leaking), ("digits split", clean)):
    distances = torch.cdist(photos[val], photos[~val])  # a row for each of val; ~val: not val
    distance, number = distances.min(dim=1)  # two: the smallest of each row, and its column
    scores.append((labels[~val][number] == labels[val]).float().mean().item())
    right.hist(distance, range=(0, 3), bins=20, alpha=0.6, label=f"{name}: {scores[-1]:.0%} right")
assert scores[0] > scores[1] + 0.05
right.set(title="a leak: a training photo is very near", xlabel="distance to it", ylabel="photos")
right.legend()
large = F.interpolate(sixteen, scale_factor=4, mode="bilinear")  # (16, 1, 32, 32)
framed = F.pad(large, (1, 1, 1, 1), value=1).view(4, 4, 34, 34)  # in 4 rows of 4
left.imshow(framed.transpose(1, 2).reshape(136, 136), cmap="gray")
left.set(title="top left: a picture, then it is varied", xticks=[], yticks=[])
show(figure, "06_sixteen.png")

# %% [markdown]
# **이 프로젝트의 데이터**는 서로 겹치지 않는 Dataset 세 개입니다. `train`으로 배우고, `val`로
# 고르고, `test`로는 맨 마지막에 한 번만 평가합니다. `make_loader`는 DataLoader를 돌려주는데, 그
# 순서는 시드와 에폭으로만 정해집니다.

# %%
config = Config()
data = load_data(config)
print(len(data.train), "train,", len(data.val), "val,", len(data.test), "test")
first = [next(iter(make_loader(data.train, 8, config, seed=seed)))[1] for seed in (0, 0)]
assert torch.equal(first[0], first[1])

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `data.py`: `load_data`
# - `engine/loader.py`: `make_loader`
#
# ## 더 읽어 보기
#
# - [Dataset과 DataLoader](https://tutorials.pytorch.kr/beginner/basics/data_tutorial.html)
# - [Transform](https://tutorials.pytorch.kr/beginner/basics/transforms_tutorial.html)
# - [데이터 불러오기의 모든 것: torch.utils.data](https://docs.pytorch.org/docs/stable/data.html)
