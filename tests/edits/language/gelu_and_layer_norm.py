"""GELU and layer normalisation with weights, as in GPT-2."""

from torch import nn

from model import Attention

FILE = "model.py"


class Perceptron(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, 4 * width)
        self.gelu = nn.GELU(approximate="tanh")
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.down(self.gelu(self.up(x)))


class Block(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.perceptron = Perceptron(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, rotation, cache):
        x = x + self.dropout(self.attention(self.ln_1(x), rotation, cache))
        return x + self.dropout(self.perceptron(self.ln_2(x)))
