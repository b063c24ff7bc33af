"""Words instead of characters: read_input looks them up in a vocabulary that Info holds."""

from collections import Counter
from dataclasses import dataclass, field

import torch

import engine.dataset
from data import load_languages
from engine.dataset import Data, Sequences
from engine.splits import number_classes, split_indices

FILE = "data.py"
SHOWN = True


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    max_length: int
    text_column: str = "text"
    vocabulary: dict[str, int] = field(default_factory=dict)


def load_data(config):
    texts, names = load_languages()
    labels, classes = number_classes(names, None)
    split = split_indices(labels)
    info = Info(classes=classes, max_length=config.max_length)
    counts = Counter()
    for index in split.train.tolist():
        counts.update(texts[index].lower().split())
    for number, (word, _) in enumerate(counts.most_common(4000)):
        info.vocabulary[word] = number + 2

    def part(indices):
        chosen = [texts[index] for index in indices.tolist()]
        inputs = [read_input(text, info) for text in chosen]
        return Sequences(inputs, labels[indices], chosen)

    return Data(part(split.train), part(split.val), part(split.test), info)


def read_input(text, info):
    words = text.lower().split()[: info.max_length] or ["?"]
    return torch.tensor([info.vocabulary.get(word, 1) for word in words])
