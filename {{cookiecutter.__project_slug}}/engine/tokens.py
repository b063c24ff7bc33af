"""Texts as an encoder reads them: the numbers of words and of parts of words (tokens)."""

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from engine.settings import needs


def number_tokens(text: str, tokenizer: str) -> Tensor:
    """Return the numbers of the tokens of a text (T,) int64, of which none is 0.

    They are those of the tokenizer, each one larger: in a batch 0 is behind the end of a text,
    whatever the tokenizer uses for this. The tokens that mark the beginning and the end are put in.

    Args:
        text: Any.
        tokenizer: JSON that the package tokenizers has written. It also says how many tokens of a
            text are read at most.
    """
    text = text.encode("utf-8", errors="replace").decode("utf-8")  # half a letter becomes "?"
    numbers = read_tokenizer(tokenizer).encode(text).ids
    if not numbers:  # an empty text, and no mark for its beginning
        numbers = [0]
    return torch.tensor(numbers) + 1


@lru_cache(maxsize=2)  # reading one takes as long as many texts
def read_tokenizer(tokenizer: str) -> Any:
    """Return the tokenizer that a JSON text describes."""
    with needs("pretrained"):
        from tokenizers import Tokenizer

    return Tokenizer.from_str(tokenizer)
