"""What one example is, and where the examples come from.

What the other files expect of this one:

- `load_data(config)` returns the three parts of the data as a `Data`. A part is any Dataset with
  `__len__` and `__getitem__(index)`, which returns one example: (input, label). An input is a
  window of a text, as the numbers of its characters (T,) int64; a label is the characters that
  follow at each place (T,) int64: the same window, one character later. `Windows` does this. With
  --base it is a question with its answer, as the numbers of their tokens: `Conversations`.
- `Info` holds what a model must know of the data beside its weights, such as the characters.
- `read_input` makes such an input out of a text. Training, predict.py and the demo all use it, so
  they see the same.
- `read_inputs` reads what predict.py was given.

Write a Dataset of your own as in the official tutorial, and return it from `load_data`:
docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html
Its three parts must be the same each time.
"""

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
from engine.backbone import Base, chat_of, read_base
from engine.chat import (
    FILL,
    Conversations,
    keep_short,
    length,
    line_of_answer,
    read_pairs,
    split_pairs,
)
from engine.checkpoint import info_of_resumed
from engine.dataset import Data, Inputs, Windows
from engine.documents import (
    Texts,
    count_characters,
    fingerprint_of,
    number_characters,
    read_as,
    read_documents,
    split_documents,
)
from engine.settings import UserError
from engine.writing import line_after_epoch

LANGUAGE = "english"  # of the small talk; chatterbot-corpus has others, too: korean, italian, ...
UNKNOWN = "\N{REPLACEMENT CHARACTER}"  # stands for characters that training has not seen twice


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    """What a model must know of the text beside its weights."""

    is_sequence: ClassVar[bool] = True  # each place of an input has a label
    characters: str = ""  # all that the model knows; the place of a character is its number
    context: int  # so many characters the network looks back, with --base tokens
    # With --base, so that a run needs nothing else to read a question:
    base_config: str = ""  # JSON: what its layers are
    tokenizer: str = ""  # JSON: how a text becomes tokens
    chat: str = ""  # JSON: how a question and an answer are written as one text

    @property
    def unit(self) -> str:
        """What stands at a place of an input."""
        return "token" if self.tokenizer else "character"


def load_data(config: Config, known: Info | None = None) -> Data[Info]:
    """Return the texts to train with, to validate with and to test with.

    Args:
        config: `data` is a text file or a folder of them; without one it is small talk.
        known: What a run knows of its data, where there is one; with --base its tokenizer is used.
    """
    if config.base is not None:
        return load_conversations(config, known)
    if config.data is None:
        documents = load_small_talk()
    else:
        documents = read_documents(Path(config.data), config.encoding)
    split, notes = split_documents(documents, config.context)  # a text for each part
    del documents  # which may be large

    # A character that comes up once in training is as unknown as one that never does. So the
    # network learns what to expect behind what it does not know.
    counts = count_characters(split.train)
    listed = [character for character, count in counts.items() if count > 1]
    characters = UNKNOWN + "".join(character for character in listed if character != UNKNOWN)
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


def load_conversations(config: Config, known: Info | None) -> Data[Info]:
    """Return questions and answers to teach to a chat model, to validate with and to test with.

    Args:
        config: `base` is the chat model, `data` a table of questions and answers.
        known: What a run knows of its data, where there is one: then no tokenizer is looked for.
    """
    if config.data is None:
        raise UserError("--base needs --data, a table of questions and answers to teach: qa.csv")
    pairs, notes = read_pairs(Path(config.data), config.encoding)
    known = known or info_of_resumed(config, Info)
    if known is None:
        base = read_base(str(config.base))
    else:
        base = Base(known.base_config, known.tokenizer, known.chat)
    info = Info(
        context=config.context,
        base_config=base.config,
        tokenizer=base.tokenizer,
        chat=base.chat,
    )
    chat = chat_of(base.tokenizer, base.chat)
    pairs, more_notes = keep_short(pairs, chat, config.context)
    split, notes_on_split = split_pairs(pairs)
    size = max(length(pair, chat) for pair in pairs)
    # In training other text comes behind: there the model should say what it said before.
    small_talk = torch.tensor(chat.number("\n\n".join(load_small_talk())))
    return Data(
        train=Conversations(split.train, chat, size + FILL, other=small_talk),
        val=Conversations(split.val, chat, size),
        test=Conversations(split.test, chat, size),
        info=info,
        notes=notes + more_notes + notes_on_split,
        fingerprint=fingerprint_of(Texts(*[str(part) for part in split])),
        after_epoch=partial(line_of_answer, question=split.train[0].question, info=info),
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
    """Return a text as the model takes it: the numbers of its characters (T,) int32.

    With --base these are the tokens of a question, and of what opens an answer.
    """
    if info.tokenizer:
        return torch.tensor(chat_of(info.tokenizer, info.chat).prompt(read_as(text)))
    return number_characters(read_as(text), info.characters)  # any other is the first, UNKNOWN


def read_inputs(words: tuple[str, ...], info: Info) -> Inputs:
    """Return what predict.py was given: the beginnings of texts, or questions to a chat model.

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
    if info.tokenizer:  # an answer begins in a line of its own
        return Inputs([f"{text}\n" for text in beginnings], {"question": beginnings}, inputs)
    return Inputs(beginnings, {"beginning": beginnings}, inputs)
