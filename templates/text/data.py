"""What one example is, and where the examples come from.

What the other files expect of this one:

- `load_data(config)` returns the three parts of the data as a `Data`. A part is any Dataset with
  `__len__` and `__getitem__(index)`, which returns one example: (input, label). An input is a text
  as the numbers of its characters (T,) int64, a label the number of its class. Texts differ in
  length, so their dataset, `Sequences`, makes the batches itself: (N, T), 0 behind the end.
- `Info` holds what a model must know of the data beside its weights, such as the names of the
  classes.
- `read_input` makes such an input out of a text. Training, predict.py and the demo all use it, so
  they see the same.
- `read_inputs` reads what predict.py was given.

Write a Dataset of your own as in the official tutorial, and return it from `load_data`. Where its
inputs differ in shape, give it a `collate_fn(examples)` that makes a batch (inputs, labels):
docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html
Its three parts must be the same each time: give random_split a generator with a seed.
"""

from collections import Counter
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import torch
import yaml
from torch import Tensor

import engine.dataset
from config import Config
from engine.dataset import Data, Inputs, Sequences
from engine.pieces import count_texts
from engine.settings import UserError
from engine.splits import fingerprint, number_classes
from engine.table import read_table, read_texts, take_column
from engine.table_splits import advise_on_split, find_split_column
from engine.text_rows import choose_rows, read_as, split_texts

FEWEST_SENTENCES = 200  # a language with fewer is left out


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    """What a model must know of the texts: `classes`, and these."""

    max_length: int  # so many characters of a text are read
    text_column: str = "text"  # what the column with the texts is called
    piece_counts: Tensor | None = None  # in how many training texts each piece is: engine/pieces.py


class TextsAndNames(NamedTuple):
    """Texts, and the name of the class of each."""

    texts: list[str]
    names: list[str]


def load_data(config: Config) -> Data[Info]:
    """Return the texts to train with, to validate with and to test with.

    Args:
        config: `data` is a table of texts and labels; without one it is sentences of 14 languages.
    """
    split_column = None
    advice = []
    if config.data is None:
        texts, names = load_languages()
    else:
        table = read_table(Path(config.data), config.encoding)
        split_column = find_split_column(
            table, config.split_by, config.split_time, config.label_column
        )
        names = take_column(table, config.label_column, "--label-column")
        texts = take_column(table, config.text_column, "--text-column")
        if split_column is None:
            advice = advise_on_split(table, config.label_column)

    found = choose_rows(texts, names, config.max_length, split_column)  # each text once
    labels, classes = number_classes(found.names, config.data)
    split, notes_on_split = split_texts(found, labels, classes, split_column)
    info = Info(classes=classes, max_length=config.max_length, text_column=config.text_column)
    inputs = [read_input(text, info) for text in found.texts]

    def part(indices: Tensor) -> Sequences:
        return Sequences([inputs[index] for index in indices.tolist()], labels[indices])

    train = part(split.train)
    info.piece_counts = count_texts(train)
    return Data(
        train=train,
        val=part(split.val),
        test=part(split.test),
        info=info,
        notes=found.notes + notes_on_split + advice,
        fingerprint=fingerprint(found.texts, found.names, [part.tolist() for part in split]),
    )


def load_languages() -> TextsAndNames:
    """Return 11,915 sentences of small talk, and in which of 14 languages each is."""
    # By the contributors of chatterbot-corpus, BSD licence.
    folder = Path(str(distribution("chatterbot-corpus").locate_file("chatterbot_corpus/data")))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first is ten times faster
    found = set()
    for path in folder.glob("*/*.yml"):
        language = path.parent.name
        if language.startswith("traditional"):  # the Chinese sentences once more
            continue
        talks = yaml.load(path.read_text(encoding="utf-8"), loader)["conversations"]
        for talk in talks:
            found.update((str(line).strip(), language) for line in talk)
    # Answers of several lines hold program code, which is in no language.
    found = {(text, language) for text, language in found if text and "\n" not in text}
    # "OK" is in many languages, so nobody can tell which one it is.
    uses = Counter(text for text, _ in found)
    found = {(text, language) for text, language in found if uses[text] == 1}
    sizes = Counter(language for _, language in found)
    kept = sorted(
        (text, language) for text, language in found if sizes[language] >= FEWEST_SENTENCES
    )
    return TextsAndNames([text for text, _ in kept], [language for _, language in kept])


def read_input(text: str, info: Info) -> Tensor:
    """Return a text as the model takes it: the numbers of its characters (T,) int64.

    In a batch 0 means that the text has ended. So a character 0 in a text becomes a space, and an
    empty text becomes one space.
    """
    text = read_as(text)[: info.max_length].replace("\0", " ") or " "
    return torch.tensor([ord(character) for character in text])


def read_inputs(words: tuple[str, ...], info: Info) -> Inputs:
    """Return the texts that predict.py was given.

    Args:
        words: Sentences, and files with one in each line; or a table with a column of texts.
        info: What the model was trained on.
    """
    texts, table = read_texts(words, info.text_column)
    if not any(texts):
        raise UserError(f"no text in {', '.join(words)}")
    characters = [read_input(text, info) for text in texts]
    return Inputs(texts, table, characters, Sequences.collate_fn)
