"""What one example is, and where the examples come from.

What the other files expect of this one:

- `load_data(config)` returns the three parts of the data as a `Data`. A part is any Dataset with
  `__len__` and `__getitem__(index)`, which returns one example: (input, label). An input is a text
  as the numbers of its characters (T,) int64, with --backbone those of its tokens; a label is the
  number of its class. Texts differ in length, so their dataset, `Sequences`, makes the batches
  itself: (N, T), 0 behind the end. It keeps the texts too, to show them.
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
from statistics import median
from typing import NamedTuple

import torch
import yaml
from torch import Tensor

import engine.dataset
from config import Config
from engine.backbone import EXAMPLE, Encoder, read_encoder
from engine.checkpoint import info_of_resumed
from engine.dataset import Data, Inputs, Sequences
from engine.pieces import count_texts
from engine.settings import UserError
from engine.splits import fingerprint, number_classes
from engine.table import read_table, read_texts, take_column
from engine.table_splits import advise_on_split, find_split_column
from engine.text_rows import choose_rows, read_as, split_texts
from engine.tokens import number_tokens

FEWEST_SENTENCES = 200  # a language with fewer is left out
FEW = 1000  # texts to train with: fewer do better with a network that has learned already


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    """What a model must know of the texts: `classes`, and these."""

    max_length: int  # so many characters of a text are read
    text_column: str = "text"  # what the column with the texts is called
    piece_counts: Tensor | None = None  # in how many training texts each piece is: engine/pieces.py
    # With --backbone, so that a run needs nothing else to read a text:
    backbone_config: str = ""  # JSON: what the layers of the encoder are
    tokenizer: str = ""  # JSON: how a text becomes tokens
    max_tokens: int = 0  # so many tokens of a text are read


class TextsAndNames(NamedTuple):
    """Texts, and the name of the class of each."""

    texts: list[str]
    names: list[str]


def load_data(config: Config, known: Info | None = None) -> Data[Info]:
    """Return the texts to train with, to validate with and to test with.

    Args:
        config: `data` is a table of texts and labels; without one it is sentences of 14 languages.
        known: What a run knows of its data, where there is one: then its tokenizer is used, and
            none is looked for.
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
    if config.backbone is not None:
        known = known or info_of_resumed(config, Info)
        if known is None:
            encoder = read_encoder(config.backbone, config.max_tokens)
        else:
            encoder = Encoder(known.backbone_config, known.tokenizer, known.max_tokens)
        info.backbone_config = encoder.config
        info.tokenizer = encoder.tokenizer
        info.max_tokens = encoder.max_tokens
    inputs = [read_input(text, info) for text in found.texts]
    if config.backbone is not None:
        found.notes.append(describe_tokens(inputs, info.max_tokens))

    def part(indices: Tensor) -> Sequences:
        rows = indices.tolist()
        texts = [found.texts[row][: info.max_length] for row in rows]
        return Sequences([inputs[row] for row in rows], labels[indices], texts)

    train = part(split.train)
    if config.backbone is None:
        info.piece_counts = count_texts(train)
    data = Data(
        train=train,
        val=part(split.val),
        test=part(split.test),
        info=info,
        notes=found.notes + notes_on_split + advice,
        fingerprint=fingerprint(found.texts, found.names, [part.tolist() for part in split]),
    )
    begins_anew = config.backbone is None and config.init_from is None
    if config.data is not None and begins_anew and len(train) < FEW:
        data.advice = (
            f"note: {len(train)} texts to train with are few for a new network: "
            f"--backbone {EXAMPLE} begins with one that has learned from others "
            '(pip install -e ".[pretrained]")'
        )
    return data


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


def describe_tokens(inputs: list[Tensor], max_tokens: int) -> str:
    """Return the line that says how many tokens the texts have.

    Args:
        inputs: The tokens of each text (T,).
        max_tokens: So many are read at most.
    """
    sizes = [len(tokens) for tokens in inputs]
    line = f"  tokens: in the middle {median(sizes):.0f}, at most {max(sizes):,}"
    full = sum(size == max_tokens for size in sizes)
    if full:
        line += f"; {full:,} texts reach {max_tokens} and are not read beyond: --max-tokens"
    return line


def read_input(text: str, info: Info) -> Tensor:
    """Return a text as the model takes it: the numbers of its characters or tokens (T,) int64.

    In a batch 0 means that the text has ended. So a character 0 in a text becomes a space, and an
    empty text becomes one space.
    """
    text = read_as(text)[: info.max_length].replace("\0", " ") or " "
    if info.tokenizer:
        return number_tokens(text, info.tokenizer)
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
    sequences = [read_input(text, info) for text in texts]
    return Inputs(texts, table, sequences, Sequences.collate_fn)
