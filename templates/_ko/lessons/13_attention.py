# %% [markdown]
# # 13. 어텐션
#
# 순환 신경망은 상태 하나를 다음 스텝으로 차례차례 넘깁니다. **어텐션**(attention)을 쓰면 한 스텝이
# 다른 스텝을 직접 보고, 가장 잘 맞는 것에서 가장 많이 가져옵니다. 대규모 언어 모델이 이것으로
# 만들어집니다. 여기서는 어텐션과 작은 언어 모델(GPT)을 마흔 줄로 만듭니다.

# %%
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import nn

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from lessons.picture import show

# %% [markdown]
# **어텐션.** 스텝마다 벡터가 셋 있습니다. 쿼리(query, 무엇을 찾는지), 키(key, 무엇을 보고 찾을 수
# 있는지), 값(value, 무엇을 주는지)입니다. 쿼리와 키의 곱이 두 스텝이 얼마나 잘 맞는지를 나타내는
# 점수이고, D가 커져도 점수가 커지지 않도록 D의 제곱근으로 나눕니다. `softmax`는 한 스텝의 점수를
# 합이 1인 가중치로 바꾸고, 그 스텝은 값들의 가중 평균을 받습니다.
#
# **인과 마스크**(causal mask): 신경망은 다음 글자를 맞혀야 하므로, 어떤 스텝도 뒤의 스텝을 보면 안
# 됩니다. 뒤 스텝의 점수를 음의 무한대로 바꾸면 `softmax`가 가중치를 0으로 만듭니다.


# %%
def attention(query, key, value):
    """Return the weighted means of the values, and the weights. N texts of T steps: (N, T, D)."""
    scores = query @ key.transpose(1, 2) / query.shape[2] ** 0.5  # (N, T, T)
    later = torch.ones(scores.shape[1:], dtype=torch.bool).triu(diagonal=1)
    weights = scores.masked_fill(later, float("-inf")).softmax(dim=2)
    return weights @ value, weights


query, key, value = torch.randn(3, 2, 5, 8)  # three tensors (N, T, D) = (2, 5, 8)
means, weights = attention(query, key, value)
print(weights[0])  # row by row: how much a step takes from which one
torch.testing.assert_close(weights.sum(dim=2), torch.ones(2, 5))
torch.testing.assert_close(means, F.scaled_dot_product_attention(query, key, value, is_causal=True))

# %% [markdown]
# **블록**은 스텝 사이의 어텐션과, 스텝마다 따로 쓰는 작은 신경망으로 이루어집니다. 둘 다 결과를
# 입력에 더합니다(`x + ...`, **잔차 연결**, residual connection). 그래서 받은 것을 그대로 둘 수도
# 있고, 그래디언트의 길이 짧으며, 여러 개를 쌓을 수 있습니다. 큰 모델에는 **헤드**(head)가
# 여럿입니다. 쿼리, 키, 값의 숫자 D개를 똑같이 나누고, 조각마다 구한 어텐션을 이어 붙입니다.


# %%
class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.to_query_key_value = nn.Linear(width, 3 * width)
        self.after_attention = nn.Linear(width, width)
        layers = [nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)]
        self.network = nn.Sequential(*layers)

    def forward(self, x):  # (N, T, width) in and out
        query, key, value = self.to_query_key_value(self.norms[0](x)).chunk(3, dim=2)
        means, weights = attention(query, key, value)
        self.weights = weights.detach()  # only for the picture below
        x = x + self.after_attention(means)
        return x + self.network(self.norms[1](x))


class GPT(nn.Module):
    def __init__(self, characters, length, width):
        super().__init__()
        self.of_character = nn.Embedding(characters, width)  # a vector for each character
        self.of_place = nn.Embedding(length, width)  # and for each place: attention sees no order
        self.block = Block(width)
        self.to_logits = nn.Linear(width, characters)

    def forward(self, numbers):  # (N, T) numbers of characters in
        x = self.of_character(numbers) + self.of_place(torch.arange(numbers.shape[1]))
        return self.to_logits(self.block(x))  # (N, T, characters): what may come next


# %% [markdown]
# **학습.** 텍스트에는 라벨이 필요 없습니다. 어느 자리에서나 바로 뒤에 오는 글자가 정답입니다. 글자
# 28개짜리 조각 하나에 예제가 28개 들어 있습니다. 정답(targets)은 입력을 한 칸 옮긴 것입니다.

# %%
text = """Twinkle, twinkle, little star,
How I wonder what you are!
Up above the world so high,
Like a diamond in the sky.
"""
alphabet = sorted(set(text))  # the number of a character is its place there
numbers = torch.tensor([alphabet.index(character) for character in text])
torch.manual_seed(0)
length = 28
model = GPT(len(alphabet), length, width=32)
optimizer = torch.optim.AdamW(model.parameters(), lr=8e-3)
figure = Figure((10, 5), layout="constrained")
panels = figure.subplots(1, 2)


def draw(panel, title):
    model(numbers[None, :length])
    panel.imshow(model.block.weights[0], cmap="Blues")
    panel.set_xticks(range(length), text[:length].replace(" ", "_"))
    panel.set_yticks(range(length), text[:length].replace(" ", "_"))
    panel.set(title=title, xlabel="is looked at", ylabel="looks")


draw(panels[0], "Before training: at all earlier characters nearly alike")
for _ in range(200):
    starts = torch.randint(len(numbers) - length, (12, 1))
    pieces = numbers[starts + torch.arange(length + 1)]  # (12, 29)
    inputs, targets = pieces[:, :-1], pieces[:, 1:]
    logits = model(inputs)
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
draw(panels[1], "After training: at those that tell what comes next")
show(figure, "13_weights.png")
right = (logits.argmax(dim=2) == targets).float().mean()
print(f"loss {loss:.2f}, right guesses {right:.0%}")
assert right > 0.8

# %% [markdown]
# **글쓰기**는 다음 글자를 맞히고, 뒤에 붙이고, 다시 맞히는 일입니다. 여기서는 가장 그럴듯한 글자를
# 고르므로 모델은 외운 것을 그대로 씁니다. 매번 새로운 글을 원하면 `torch.multinomial`로 확률에 따라
# 뽑습니다. 확률은 로짓을 **온도**(temperature)로 나눈 값의 `softmax`입니다. 온도가 낮으면 그럴듯한
# 글자만 나오고, 높으면 모든 글자의 확률이 서로 비슷해집니다.

# %%
written = numbers[:4].tolist()
with torch.inference_mode():
    for _ in range(105):
        logits = model(torch.tensor([written[-length:]]))  # no more places than in training
        written.append(logits[0, -1].argmax().item())
print("".join(alphabet[number] for number in written))

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `model.py`: `build_model`: 어텐션을 쓰는 신경망도 놓을 수 있고, 언어 모델이 그렇습니다
#
# ## 더 읽어 보기
#
# - [Scaled dot product attention](https://tutorials.pytorch.kr/intermediate/scaled_dot_product_attention_tutorial.html)
# - [`torch.nn.functional.scaled_dot_product_attention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html)
