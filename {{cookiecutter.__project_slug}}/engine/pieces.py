"""The pieces of a text: one to five characters that stand side by side in a word."""

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.dataset import Sequences

NUMBERS = 2**17  # of pieces; there are more pieces, so some share a number
LONGEST = 5  # characters in a piece
SPACE = 32  # the number of this character
TEXTS_AT_ONCE = 64


def number_pieces(characters: Tensor) -> Tensor:
    """Return a number from 1 to NUMBERS - 1 for each piece of a text, 0 where there is none.

    A piece may have a space at its ends, but none inside. Around a text there is a space. Written
    with "_" for it, the pieces of "to be" of two characters are "_t", "to", "o_", "_b", "be", "e_".
    The number of a piece is a hash of its characters: so no list of all pieces is needed, and no
    piece is unknown.

    Args:
        characters: (N, T) int64, 0 behind the end of each text.

    Returns:
        (N, LONGEST * (T + 2)) int64, each row in ascending order: so the same pieces of a text are
        neighbours.
    """
    starts = characters.shape[1] + 2  # where a piece may begin: also at the space before the text
    padded = F.pad(characters, (1, LONGEST))
    padded = torch.where(padded == 0, SPACE, padded)  # (N, T + 1 + LONGEST)
    hashes = torch.zeros_like(padded[:, :starts])
    is_blank = torch.ones_like(hashes, dtype=torch.bool)  # nothing but spaces
    is_one_word = torch.ones_like(is_blank)  # no space inside
    numbers = []
    for size in range(1, LONGEST + 1):
        last = padded[:, size - 1 : size - 1 + starts]  # the last character of each piece
        # Numbers that become too large for int64 start again from below: that is no harm here.
        hashes = hashes * 1_000_003 + last + 1
        is_blank = is_blank & (last == SPACE)
        if size > 2:
            is_one_word = is_one_word & (padded[:, size - 2 : size - 2 + starts] != SPACE)
        is_piece = is_one_word & ~is_blank
        numbers.append(torch.where(is_piece, hashes % (NUMBERS - 1) + 1, 0))
    return torch.cat(numbers, dim=1).sort(dim=1).values


def count_texts(texts: Sequences) -> Tensor:
    """Return in how many of the texts each piece is: (NUMBERS,) int32, by its number.

    At number 0, which is no piece, stands how many texts there are.
    """
    counts = torch.zeros(NUMBERS, dtype=torch.int32)
    for indices in torch.arange(len(texts)).split(TEXTS_AT_ONCE):
        characters, _ = texts.batch(indices)
        numbers = number_pieces(characters)
        is_first = torch.ones_like(numbers, dtype=torch.bool)
        is_first[:, 1:] = numbers[:, 1:] != numbers[:, :-1]
        counts += numbers[is_first].bincount(minlength=NUMBERS).int()
    counts[0] = len(texts)
    return counts
