"""What one example is, and where the examples come from.

What the other files expect of this one:

- `load_data(config)` returns the three parts of the data as a `Data`. A part is any Dataset with
  `__len__` and `__getitem__(index)`, which returns one example: (input, label). An input is a
  window of a text, as the numbers of its characters (T,) int64; a label is the characters that
  follow at each place (T,) int64: the same window, one character later. `Windows` does this.
- `Info` holds what a model must know of the data beside its weights, such as the characters.
- `read_input` makes such an input out of a text. Training, predict.py and the demo all use it, so
  they see the same.
- `read_inputs` reads what predict.py was given.

Write a Dataset of your own as in the official tutorial, and return it from `load_data`:
docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html
Its three parts must be the same each time.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from importlib.metadata import distribution
from pathlib import Path
from typing import ClassVar

import torch
import yaml
from torch import Tensor

import engine.dataset
from config import Config
from engine.dataset import Data, Inputs, Windows
from engine.documents import fingerprint_of, read_as, read_documents, split_documents
from engine.settings import UserError
from engine.writing import line_after_epoch

LANGUAGE = "english"  # of the small talk; chatterbot-corpus has others, too: korean, italian, ...
UNKNOWN = "\N{REPLACEMENT CHARACTER}"  # stands for characters that training has not seen twice


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    """What a model must know of the text beside its weights."""

    is_sequence: ClassVar[bool] = True  # each place of an input has a label
    characters: str  # all that the model knows; the place of a character is its number
    context: int  # so many characters the network looks back


def load_data(config: Config) -> Data[Info]:
    """Return the texts to train with, to validate with and to test with.

    Args:
        config: `data` is a text file or a folder of them; without one it is small talk.
    """
    if config.data is None:
        documents = load_small_talk()
    else:
        documents = read_documents(Path(config.data), config.encoding)
    split, notes = split_documents(documents, config.context)  # a text for each part

    # A character that comes up once in training is as unknown as one that never does. So the
    # network learns what to expect behind what it does not know.
    counts = Counter(split.train)
    known = sorted(character for character, count in counts.items() if count > 1)
    characters = UNKNOWN + "".join(character for character in known if character != UNKNOWN)
    if characters == UNKNOWN:
        raise UserError(f"{config.data} has no character twice: there is nothing to learn from it")
    info = Info(characters=characters, context=config.context)

    def part(text: str) -> Windows:
        return Windows(read_input(text, info), config.context)

    notes.append(f"  characters: {len(characters):,} different ones; {UNKNOWN} is any other")
    return Data(
        train=part(split.train),
        val=part(split.val),
        test=part(split.test),
        info=info,
        notes=notes,
        fingerprint=fingerprint_of(split),
        after_epoch=partial(line_after_epoch, info=info),
    )


def load_small_talk() -> list[str]:
    """Return conversations, each a question or a remark and an answer to it in the next line."""
    # By the contributors of chatterbot-corpus, BSD licence.
    folder = Path(str(distribution("chatterbot-corpus").locate_file("chatterbot_corpus/data")))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first is ten times faster
    found = []
    for path in sorted((folder / LANGUAGE).glob("*.yml")):
        talks = yaml.load(path.read_text(encoding="utf-8"), loader)["conversations"]
        for talk in talks:
            lines = [str(line).strip() for line in talk]
            if not any("\n" in line for line in lines):  # several lines hold program code
                found.append(read_as("\n".join(lines)))
    return list(dict.fromkeys(found))  # each once


def read_input(text: str, info: Info) -> Tensor:
    """Return a text as the model takes it: the numbers of its characters (T,) int32."""
    number_of = {character: number for number, character in enumerate(info.characters)}
    numbers = [number_of.get(character, 0) for character in read_as(text)]  # 0 is UNKNOWN
    return torch.tensor(numbers, dtype=torch.int32)


def read_inputs(words: tuple[str, ...], info: Info) -> Inputs:
    """Return what predict.py was given: the beginnings of texts.

    Args:
        words: Beginnings, or names of files that hold one, which end in .txt.
        info: What the model was trained on.
    """
    beginnings = []
    for word in words:
        if word.endswith(".txt"):
            beginnings.append("\n".join(read_documents(Path(word), encoding=None)))
        else:
            beginnings.append(read_as(word))
    if not any(beginnings):
        raise UserError(f"no text in {', '.join(map(repr, words))}: how shall it begin?")
    inputs = [read_input(text, info) for text in beginnings]
    return Inputs(beginnings, {"beginning": beginnings}, inputs)
