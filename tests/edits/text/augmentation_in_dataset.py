"""A Dataset that leaves out characters at random, in training: fresh in every epoch."""

import random
from pathlib import Path

from torch.utils.data import Dataset

from data import Info, load_languages, read_input
from engine.dataset import Data, Sequences
from engine.splits import number_classes, split_indices

FILE = "data.py"
OPTIONS = ["--limit-batches", "10"]


class Sentences(Dataset):
    def __init__(self, texts, labels, info, training=False):
        self.texts = texts
        self.labels = labels
        self.info = info
        self.training = training

    def __len__(self):
        return len(self.texts)

    def __getitem__(self, index):
        text = self.texts[index]
        if self.training:
            text = "".join(letter for letter in text if random.random() < 0.9)
            if Path("write_drawn").exists():
                with Path("drawn.txt").open("a", encoding="utf-8") as file:
                    print(index, random.random(), file=file)
        return read_input(text, self.info), int(self.labels[index])

    collate_fn = staticmethod(Sequences.collate_fn)


def load_data(config):
    texts, names = load_languages()
    texts, names = texts[::10], names[::10]
    labels, classes = number_classes(names, None)
    info = Info(classes=classes, max_length=config.max_length)
    split = split_indices(labels)

    def part(indices, training=False):
        return Sentences([texts[index] for index in indices], labels[indices], info, training)

    return Data(part(split.train, True), part(split.val), part(split.test), info)


def prepare(project):
    (project / "write_drawn").touch()


def check(project):
    drawn = [line.split()[1] for line in (project / "drawn.txt").read_text().splitlines()]
    assert len(drawn) > 1000, f"only {len(drawn)} examples were asked for"
    assert len(set(drawn)) == len(drawn), "a random number came twice"
    (project / "write_drawn").unlink()
