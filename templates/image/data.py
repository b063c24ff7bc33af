"""What one example is, and where the examples come from.

What the other files expect of this one:

- `load_data(config)` returns the three parts of the data as a `Data`. A part is any Dataset with
  `__len__` and `__getitem__(index)`, which returns one example: (input, label). An input is a
  picture (C, H, W) float32 in 0..1, a label the number of its class. They may be tensors, NumPy
  arrays or plain numbers: batches of tensors are made of them.
- `Info` holds what a model must know of the data beside its weights, such as the names of the
  classes.
- `read_input` makes a picture out of a file. Training on your own pictures, predict.py and the
  demo all use it, so they see the same.
- `read_inputs` reads what predict.py was given.

Write a Dataset of your own as in the official tutorial, and return it from `load_data`:
docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html
Its three parts must be the same each time: give random_split a generator with a seed.
"""

from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import engine.dataset
from config import Config
from engine.backbone import EXAMPLE, backbone_size
from engine.dataset import Data, InMemory, Inputs
from engine.names import as_on_disk
from engine.picture_survey import Survey
from engine.pictures import find_pictures, list_pictures, read_all, read_picture
from engine.settings import UserError
from engine.splits import split_indices

DIGITS = 8  # pixels in the width and height of the digits of the first run
SMALLEST = 4  # pixels: with fewer there is nothing to find in a picture
LARGEST = 64  # pictures are not made larger than this, unless --image-size says so
FEW = 1000  # pictures to train with: fewer do better with a network that has learned already
CLASSES = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    """What a model must know of the pictures: `classes`, and these."""

    channels: int  # 1 is grey, 3 is red, green and blue
    height: int
    width: int
    mean: list[float] = field(default_factory=list)  # of each channel, over the training pictures
    std: list[float] = field(default_factory=list)  # the standard deviation of each channel
    invert_paper: bool = False  # make new pictures light on dark where they have light corners
    # In pictures of more than 8 bits, the values that become 0 and 1: {"16 bits": [0, 4095]}.
    ranges: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.mean:  # not measured
            self.mean = [0.5] * self.channels
            self.std = [0.5] * self.channels


class Digits(InMemory):
    """1797 handwritten digits: a picture (1, 8, 8) float32 in 0..1, and the digit."""

    def __init__(self) -> None:
        # By E. Alpaydin and C. Kaynak, 1998, CC BY 4.0. The file comes with scikit-learn; to import
        # scikit-learn for it would take a second.
        path = distribution("scikit-learn").locate_file("sklearn/datasets/data/digits.csv.gz")
        table = np.loadtxt(str(path), dtype=np.float32, delimiter=",")  # (N, 64 pixels + 1 label)
        pictures = torch.from_numpy(table[:, :64]) / 16  # the file has 0 to 16
        labels = torch.from_numpy(table[:, 64])
        super().__init__(pictures.reshape(-1, 1, 8, 8), labels.long())


def load_data(config: Config) -> Data[Info]:
    """Return the pictures to train with, to validate with and to test with.

    Args:
        config: `data` is a folder with a subfolder for each class; without one it is the digits.
    """
    if config.data is None:
        if config.backbone is None:
            return load_digits()
        return load_digits(config.image_size or backbone_size(config.backbone))
    return load_own_pictures(as_on_disk(config.data), config)


def load_digits(size: int = DIGITS) -> Data[Info]:
    """Return the handwritten digits, of so many pixels in width and height."""
    digits: InMemory = Digits()
    if size != DIGITS:
        digits = enlarge(digits, size)
    split = split_indices(digits.labels)
    # The digits are light on dark. Most people write with a dark pen on white paper.
    info = Info(classes=CLASSES, channels=1, height=size, width=size, invert_paper=True)
    info.mean, info.std = measure_channels(digits.part(split.train))
    return Data(
        train=digits.part(split.train),
        val=digits.part(split.val),
        test=digits.part(split.test),
        info=info,
    )


def load_own_pictures(folder: Path, config: Config) -> Data[Info]:
    """Return the pictures in a folder."""
    found = find_pictures(folder)
    size = config.image_size or picture_size(found.survey)
    if config.image_size is None and config.backbone is not None:
        size = backbone_size(config.backbone)
    channels = config.channels or (1 if found.survey.is_grey else 3)
    info = Info(
        classes=found.classes,
        channels=channels,
        height=size,
        width=size,
        ranges=found.survey.ranges,
    )
    # Each file is read once, by read_input, and kept in memory or in a file under runs/cache.
    loaded = read_all(found, read_input, info, config.skip_bad)
    photos = InMemory(loaded.tensor, found.labels)
    split = loaded.split
    info.mean, info.std = measure_channels(photos.part(split.train))
    colour = "grey" if channels == 1 else "in colour"
    notes = [f"pictures: {len(found.paths)} in {folder}, made {size} by {size} pixels, {colour}"]
    if config.image_size is None or config.channels is None:
        notes[0] += ": --image-size and --channels change it"
    data = Data(
        train=photos.part(split.train),
        val=photos.part(split.val),
        test=photos.part(split.test),
        info=info,
        notes=[*notes, *loaded.notes],
        fingerprint=loaded.fingerprint,
    )
    begins_anew = config.backbone is None and config.init_from is None
    if begins_anew and len(data.train) < FEW:
        data.advice = (
            f"note: {len(data.train)} pictures to train with are few for a new network: "
            f"--backbone {EXAMPLE} begins with one that has learned from others "
            '(pip install -e ".[pretrained]")'
        )
    return data


def enlarge(pictures: InMemory, size: int) -> InMemory:
    """Return square pictures with another width and height, in pixels."""
    pixels, labels = pictures.batch(torch.arange(len(pictures)))  # (N, C, H, W) in 0..1
    rounded = (255 * pixels).round().byte()  # as in a picture file; InMemory divides by 255 again
    return InMemory(F.interpolate(rounded, size=(size, size), mode="nearest"), labels)


def picture_size(survey: Survey) -> int:
    """Return how wide and high pictures are made: as large as they are, but not over 64 pixels."""
    return max(SMALLEST, min(survey.longer_side, LARGEST))


class Channels(NamedTuple):
    """What the channels of pictures are like."""

    mean: list[float]  # of each channel
    std: list[float]  # the standard deviation of each channel


def measure_channels(dataset: InMemory) -> Channels:
    """Return the mean and the standard deviation of each channel, over at most 5000 pictures."""
    every_so_many = 1 + len(dataset) // 5000
    count = 0  # pixels of a channel
    total = torch.zeros(1, dtype=torch.float64)
    squares = torch.zeros(1, dtype=torch.float64)
    # Twenty pictures at a time: as float64 they take eight times their memory.
    for indices in torch.arange(0, len(dataset), every_so_many).split(20):
        pictures, _ = dataset.batch(indices)  # (N, C, H, W)
        pixels = pictures.double().transpose(0, 1).flatten(1)  # (C, N * H * W)
        count += pixels.shape[1]
        total = total + pixels.sum(dim=1)
        squares = squares + pixels.square().sum(dim=1)
    mean = total / count  # (C,)
    variance = (squares - count * mean.square()).clamp(min=0) / (count - 1)
    std = variance.sqrt().clamp(min=1 / 255)  # never 0: the network divides by it
    return Channels(mean.tolist(), std.tolist())


def read_input(path: Path, info: Info) -> Tensor:
    """Return a picture file as the model takes it: (C, H, W) float32 in 0..1."""
    pixels = read_picture(
        path, info.channels, info.height, info.width, info.ranges, info.invert_paper
    )
    return torch.from_numpy(pixels)


def read_inputs(words: tuple[str, ...], info: Info) -> Inputs:
    """Return the pictures that predict.py was given.

    Args:
        words: Picture files, and folders of these.
        info: What the model was trained on.
    """
    paths = []
    for word in words:
        paths += list_pictures(as_on_disk(word))
    if not paths:
        raise UserError(f"no picture in {', '.join(words)}")
    names = [str(path) for path in paths]
    pictures = [read_input(path, info) for path in paths]
    return Inputs(names, {"picture": names}, pictures)
