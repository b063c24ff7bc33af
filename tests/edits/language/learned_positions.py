"""A vector for each place, which is learned, instead of a rotation: as GPT-2 has it."""

import torch
from torch import nn

from model import Perceptron, normalize

FILE = "model.py"
REPLACE = [
    (
        "        self.rotations = nn.Buffer(rotations(context, width // heads), "
        "persistent=False)\n",
        "        self.places = nn.Embedding(context, width)\n",
    ),
    (
        "        rotation = self.rotations[begin : begin + characters.shape[1]]\n"
        "        x = self.embedding(characters)  # (N, T, C)\n",
        "        end = begin + characters.shape[1]\n"
        "        places = torch.arange(begin, end, device=characters.device)\n"
        "        x = self.embedding(characters) + self.places(places)\n",
    ),
    ("            x = block(x, rotation, cache)\n", "            x = block(x, cache)\n"),
]


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.project = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x, cache):
        N, T, C = x.shape
        q, k, v = self.project(x).split(C, dim=2)
        q = q.view(N, T, self.heads, C // self.heads).transpose(1, 2)
        k = k.view(N, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(N, T, self.heads, C // self.heads).transpose(1, 2)
        first = cache is None or cache.is_empty(self)
        if cache is not None:
            k, v = cache.extend(self, k, v)
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=first)
        return self.out(y.transpose(1, 2).reshape(N, T, C))


class Block(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.attention = Attention(width, heads)
        self.perceptron = Perceptron(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, cache):
        x = x + self.dropout(self.attention(normalize(x), cache))
        return x + self.dropout(self.perceptron(normalize(x)))
