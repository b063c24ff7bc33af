"""A Dataset that draws random numbers of all kinds for each picture: fresh in every epoch."""

import random
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset

from data import CLASSES, Digits, Info
from engine.dataset import Data
from engine.splits import split_indices

FILE = "data.py"
OPTIONS = ["--limit-batches", "0"]


class NoisyDigits(Dataset):
    def __init__(self, digits, training):
        self.digits = digits
        self.training = training

    def __len__(self):
        return len(self.digits)

    def __getitem__(self, index):
        picture, label = self.digits[index]
        if self.training:
            noise = torch.randn(picture.shape)
            strength = random.random()
            picture = picture + 0.1 * strength * noise
            if np.random.rand() < 0.5:
                picture = picture.roll(1, dims=-1)
            if Path("write_drawn").exists():
                with Path("drawn.txt").open("a") as file:
                    print(index, noise[0, 0, 0].item(), strength, np.random.rand(), file=file)
        return picture.clamp(0, 1), label


def load_data(config):
    digits = Digits()
    split = split_indices(digits.labels)
    info = Info(classes=CLASSES, channels=1, height=8, width=8)
    return Data(
        train=NoisyDigits(digits.part(split.train), training=True),
        val=NoisyDigits(digits.part(split.val), training=False),
        test=NoisyDigits(digits.part(split.test), training=False),
        info=info,
    )


def prepare(project):
    (project / "write_drawn").touch()


def check(project):
    drawn = {}
    for line in (project / "drawn.txt").read_text().splitlines():
        index, *numbers = line.split()
        drawn.setdefault(int(index), []).append(numbers)
    assert len(drawn) == 1079, f"{len(drawn)} examples were asked for, not 1079"
    for index, draws in drawn.items():
        assert len(draws) == 2, f"example {index} was asked for {len(draws)} times in 2 epochs"
        for first, second in zip(*draws, strict=True):
            assert first != second, f"example {index} was {first} in both epochs"
    (project / "write_drawn").unlink()
