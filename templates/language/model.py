"""The network, its loss and its metrics.

What the other files expect of this one:

- `build_model(config, info)` returns a new network: characters (N, T) int64 in; logits (N, T, K)
  out, which say at each place which of the K characters comes next. With --base these are tokens.
- `compute_loss(model, batch, config)` returns the loss of each window (N,), and that of each
  character (N, T). It is used in training and in evaluation: `model.training` tells which.
- `metrics(info)` lists the functions that say how good the outputs of compute_loss are.

To freeze a layer, call its `requires_grad_(False)` in `build_model`. Then its weights are not
trained.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config
from data import Info
from engine.chat import ChatModel, drift
from engine.dataset import Batch
from engine.metrics import IGNORED, Metric, bits_per_character, perplexity, word_for_word
from engine.settings import UserError
from engine.writing import Cache


class Attention(nn.Module):
    """Lets each place take what it needs from the places before it, in several heads at once.

    docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html

    Args:
        width: Numbers C of a place.
        heads: How many times it is done side by side, each with C / heads numbers.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.project = nn.Linear(width, 3 * width, bias=False)  # to queries, keys and values
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x: Tensor, rotation: Tensor, cache: Cache | None) -> Tensor:
        """Return what each place has taken: (N, T, C).

        Args:
            x: (N, T, C)
            rotation: (T, 2, D), from the table of `rotations`; D is C / heads.
            cache: Keys and values of the places before x; None where x begins the text.
        """
        n, t, c = x.shape
        x = self.project(x).view(n, t, 3, self.heads, c // self.heads)
        x = x.permute(2, 0, 3, 1, 4)  # (3, N, heads, T, D)
        query, key = rotate(normalize(x[:2]), rotation)  # each (N, heads, T, D)
        value = x[2]
        is_causal = True  # no place looks at those behind it
        if cache is not None:
            is_causal = cache.is_empty(self)  # a place that comes alone looks at all
            key, value = cache.extend(self, key, value)  # (N, heads, T and those before, D)
        x = F.scaled_dot_product_attention(query, key, value, is_causal=is_causal)
        x = x.transpose(1, 2).reshape(n, t, c)  # the heads side by side again
        return self.out(x)


class Perceptron(nn.Module):
    """Computes with the numbers of each place, with four times as many in between."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the same shape as x: (N, T, C)."""
        x = F.relu(self.up(x)).square()  # (N, T, 4 C)
        return self.down(x)


class Block(nn.Module):
    """A layer of the network: each place looks back, then computes. Both are added to what was."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(width, heads)
        self.perceptron = Perceptron(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, rotation: Tensor, cache: Cache | None) -> Tensor:
        """Return the same shape as x: (N, T, C)."""
        x = x + self.dropout(self.attention(normalize(x), rotation, cache))
        return x + self.dropout(self.perceptron(normalize(x)))


class LanguageModel(nn.Module):
    """A decoder-only Transformer, as GPT is one: says at each place what comes next.

    Args:
        characters: How many different ones there are, K.
        context: The most places T in a window.
        width: Numbers C of a place.
        heads: Of the attention.
        layers: How many blocks.
        dropout: The share of numbers that training leaves out.
    """

    def __init__(
        self, characters: int, context: int, width: int, heads: int, layers: int, dropout: float
    ) -> None:
        super().__init__()
        self.context = context
        self.embedding = nn.Embedding(characters, width)
        blocks = [Block(width, heads, dropout) for _ in range(layers)]
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Linear(width, characters, bias=False)
        self.rotations = nn.Buffer(rotations(context, width // heads), persistent=False)

    def forward(self, characters: Tensor) -> Tensor:
        """Return logits (N, T, K): at each place, which character comes next.

        Args:
            characters: (N, T) int64, T up to `context`.
        """
        return self.follow(characters, None)

    def follow(self, characters: Tensor, cache: Cache | None) -> Tensor:
        """Return the same for characters that follow on those in a cache, which takes them in.

        Args:
            characters: (N, T) int64. Behind others they come one by one: T is 1.
            cache: What is known of the characters before; None where these begin the text.
        """
        begin = 0 if cache is None else cache.length
        rotation = self.rotations[begin : begin + characters.shape[1]]
        x = self.embedding(characters)  # (N, T, C)
        for block in self.blocks:
            x = block(x, rotation, cache)
        if cache is not None:
            cache.length += characters.shape[1]
        return self.head(normalize(x))


def normalize(x: Tensor) -> Tensor:
    """Return x with its last dimension moved to a mean of 0 and scaled to a variance of 1.

    docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html, without weights of its own.
    """
    return F.layer_norm(x, x.shape[-1:])


def rotations(context: int, size: int) -> Tensor:
    """Return how far the numbers of each place are turned: cosines and sines (T, 2, size).

    A number of the first half and its partner in the second half are a point, which place after
    place is turned a bit further: the first pair fast, the last one slowly. So how well a query and
    a key fit depends on how far apart they are: arxiv.org/abs/2104.09864 (rotary position
    embedding).
    """
    speed = 10_000 ** -(torch.arange(0, size, 2) / size)  # (size / 2,)
    angle = torch.outer(torch.arange(context), speed)  # (T, size / 2)
    cos = torch.cat([angle.cos(), angle.cos()], dim=1)  # (T, size)
    sin = torch.cat([-angle.sin(), angle.sin()], dim=1)  # (T, size)
    return torch.stack([cos, sin], dim=1)


def rotate(x: Tensor, rotation: Tensor) -> Tensor:
    """Return queries and keys (2, N, heads, T, D), turned by the table (T, 2, D)."""
    cos, sin = rotation.unbind(1)  # (T, D) both
    swapped = x.roll(x.shape[-1] // 2, dims=-1)  # the second half before the first one
    return x * cos + swapped * sin


def build_model(config: Config, info: Info) -> nn.Module:
    """Return a new network for these characters, or the chat model that --base names."""
    if config.base is not None:
        return ChatModel(config.base, info.base_config, config.rank)
    if config.width % (2 * config.heads) != 0:
        raise UserError(
            f"--width is {config.width} and --heads is {config.heads}: "
            "the width must be a multiple of 2 * heads"
        )
    return LanguageModel(
        characters=len(info.characters),
        context=info.context,
        width=config.width,
        heads=config.heads,
        layers=config.layers,
        dropout=config.dropout,
    )


def compute_loss(model: nn.Module, batch: Batch, config: Config) -> tuple[Tensor, Tensor]:
    """Return the loss of each window (N,), and of each character in it (N, T).

    Args:
        model: From build_model.
        batch: The characters (N, T) int64, and at each place the one that follows (N, T) int64.
            Where it is IGNORED, as in the question of a chat, nothing is to be foreseen.
        config: For numbers that the loss needs.
    """
    characters, following = batch
    logits = model(characters)  # (N, T, K)
    # reduction="none" gives the loss of each character: how little it was expected.
    losses = F.cross_entropy(logits.flatten(0, 1), following.flatten(), reduction="none")
    losses = losses.view_as(following)  # (N, T)
    counted = (following != IGNORED).sum(dim=1)  # (N,)
    loss = losses.sum(dim=1) / counted
    if config.base is not None and model.training and config.keep > 0:
        # Of all else it should go on to say what it said before.
        loss = loss + config.keep * drift(model, characters, logits, following)
    return loss, losses


def metrics(info: Info) -> list[Metric]:
    """Return the metrics. Each is a function of all losses and characters (N, T), on the CPU.

    Write a function and add it to the list. By the name of the function it appears in the line of
    an epoch, in metrics.csv (as val_NAME), in the plots and in eval.json, and --best-by takes it.
    Higher is better, unless the name ends in loss, error, mae, mse, perplexity or per_character.
    """
    if info.tokenizer:
        return [perplexity, word_for_word]
    return [bits_per_character, perplexity]
