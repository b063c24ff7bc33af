"""Exercises 13: attention."""

import torch
from torch import nn


def attend_to_text(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """Return what the steps of texts take from other texts by attention: (N, T, E).

    `query` is (N, T, D), `key` (N, S, D), `value` (N, S, E). Each step may look at all steps of
    the other text. Other text number i has `lengths[i]` steps, at least 1: what is behind them
    fills the row up, and gets no weight.

    >>> query, key = torch.zeros(1, 1, 2), torch.zeros(1, 3, 2)
    >>> value = torch.tensor([[[2.0], [4.0], [90.0]]])
    >>> attend_to_text(query, key, value, torch.tensor([2]))
    tensor([[[3.]]])
    """
    raise NotImplementedError


def window_mask(steps: int, width: int) -> torch.Tensor:
    """Return which steps (columns) each step (row) may look at: (steps, steps), dtype bool.

    These are the step itself and those before it, `width` steps together at most.

    >>> window_mask(3, 2)
    tensor([[ True, False, False],
            [ True,  True, False],
            [False,  True,  True]])
    """
    raise NotImplementedError


def next_characters(text: str, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs and targets, both (N, length) int64, for a network that guesses characters.

    The number of a character is its place in `sorted(set(text))`. The first row of the inputs is
    the beginning of the text, each further row goes on where the row before ended, and a target
    is the character behind its input. A last row that would not be full is left out.

    >>> next_characters("abcab", 2)
    (tensor([[0, 1],
            [2, 0]]), tensor([[1, 2],
            [0, 1]]))
    """
    raise NotImplementedError


def draw_next(logits: torch.Tensor, temperature: float) -> int:
    """Draw the next character: return its number, by the logits (C,) of all characters.

    The probabilities are the softmax of the logits divided by the temperature. At temperature 0
    the most likely character is returned.

    >>> draw_next(torch.tensor([1.0, 3.0, 2.0]), temperature=0)
    1
    """
    raise NotImplementedError


class Residual(nn.Module):
    """A residual connection around any layer, which returns `x + scale * layer(x)`.

    It keeps the layer as `layer`. `scale` is an `nn.Parameter` of shape (1,): it is trained, too.
    It begins at 0, so the layer changes nothing at first. `x` itself stays as it is.

    >>> Residual(nn.Linear(2, 2))(torch.tensor([5.0, 7.0])).tolist()
    [5.0, 7.0]
    """

    def __init__(self, layer: nn.Module) -> None:
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError


def many_heads(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, heads: int
) -> torch.Tensor:
    """Return causal attention with several heads: (N, T, D), as large as all three arguments.

    The first head has the first D / heads numbers of query, key and value, the second one those
    that follow, and so on. No step looks at later ones. The results are put side by side in the
    same order.
    """
    raise NotImplementedError
