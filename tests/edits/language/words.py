"""Words instead of characters, with what stands between them."""

import re
from collections import Counter

import torch

from engine.documents import read_as

FILE = "data.py"
SHOWN = True
REPLACE = [
    (
        '    characters: str = ""  # all that the model knows; '
        "the place of a character is its number\n",
        "    characters: list[str]\n",
    ),
    (
        "    counts = count_characters(split.train)\n",
        "    counts = counted(split.train)\n",
    ),
    (
        '    characters = UNKNOWN + "".join(character for character in listed'
        " if character != UNKNOWN)\n",
        "    characters = [UNKNOWN, *listed]\n",
    ),
]


def tokens(text):
    return re.findall(r"\w+|\W", text)


def counted(text):
    return Counter(tokens(text))


def read_input(text, info):
    index = {word: i for i, word in enumerate(info.characters)}
    return torch.tensor([index.get(word, 0) for word in tokens(read_as(text))])
