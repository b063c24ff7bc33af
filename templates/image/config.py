"""The numbers of the experiment. Change one here, or for one run: python train.py --lr 1e-3."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a small convolutional network on images, or with --backbone one that has learned."""

    # A new line here is a new setting, and the comment after it is its text in --help. More of
    # them (optimizer, weight_decay, seed, device, ...) come from Settings in engine/settings.py:
    # write one here to change its default.
    data: str | None = None  # a folder with one subfolder of pictures per class; else digits
    image_size: int | None = None  # your pictures get this width and height; else theirs, up to 64
    channels: Literal[1, 3] | None = None  # 1 for grey, 3 for colour; else as your pictures are
    photo: bool = False  # vary photos at random in training: mirror, crop, change the colours
    max_shift: int = 1  # where photo is off: move pictures at random by up to so many pixels
    skip_bad: bool = False  # go on without the pictures that cannot be read
    backbone: str | None = None  # a network of timm that has learned from other pictures: its name
    epochs: int = 20  # how many times training sees every example
    batch_size: int = 64  # the most examples in a batch
    lr: float = 0.02  # peak learning rate; too high: the loss jumps, too low: it hardly falls
    width: int = 32  # channels of the first convolution; each next has twice those before it
    label_smoothing: float = 0.1  # share of the target for other classes, against overconfidence

    # The lowest and the highest value that a number may have; | joins two dictionaries.
    LIMITS = Settings.LIMITS | {
        "width": (1, 4096),
        "label_smoothing": (0, 0.99),
        "image_size": (4, 4096),
    }

    # With --backbone these say nothing: its layers are there.
    NOT_WITH_BACKBONE: ClassVar = {"width"}
    # With --backbone these are the defaults instead.
    WITH_BACKBONE: ClassVar = {
        "epochs": 13,
        "frozen_epochs": 10,
        "lr": 0.003,
        "backbone_lr": 3e-5,
        "batch_size": 16,
        "max_shift": 0,  # pictures that are varied would need new features in each epoch
    }
