# %% [markdown]
# # 13. Attention
#
# A recurrent network hands one state on from step to step. With **attention**, a step looks at
# other steps directly, and takes most from those that fit best. Large language models are built
# of it. Here are attention and a small language model (a GPT), in forty lines.

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
# **Attention.** Each step has three vectors: a query (what it looks for), a key (what it can be
# found by) and a value (what it gives). Query times key is the score of how well two steps fit,
# divided by the root of D, so that it does not grow with D. `softmax` turns the scores of a step
# into weights that add up to 1, and the step gets the weighted mean of the values.
# **The causal mask.** The network is to guess the next character, so no step may look at later
# ones. Their scores become minus infinity, and `softmax` makes a weight of 0 of that.


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
# **A block** is attention between the steps, then a small network for each step alone. Each of
# the two adds its result to its input (`x + ...`, a **residual connection**). So a block can
# leave what it gets as it is, gradients have a short way back, and many blocks can be stacked.
# Large models have several **heads**: the D numbers of queries, keys and values are cut into
# parts of equal size, each part has attention of its own, and the results are put side by side.


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
# **Training.** A text needs no labels: the right answer at each place is the character that
# follows. A piece of 28 characters holds 28 examples. Targets are the inputs, moved by one.

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
# **Writing** is guessing the next character, appending it, and guessing again. Here the most
# likely one is taken, so the model says what it has learned by heart. For a new text each time,
# `torch.multinomial` draws it by the probabilities: `softmax` of the logits, each divided by a
# **temperature**. A low one keeps to likely characters, a high one makes all more alike.

# %%
written = numbers[:4].tolist()
with torch.inference_mode():
    for _ in range(105):
        logits = model(torch.tensor([written[-length:]]))  # no more places than in training
        written.append(logits[0, -1].argmax().item())
print("".join(alphabet[number] for number in written))

# %% [markdown]
# ## In this project
#
# - `model.py`: `build_model`: a network with attention can stand there; for a language it does
#
# ## Read next
#
# - [Scaled dot product attention](https://docs.pytorch.org/tutorials/intermediate/scaled_dot_product_attention_tutorial.html)
# - [`torch.nn.functional.scaled_dot_product_attention`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html)
