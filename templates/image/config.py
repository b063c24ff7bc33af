"""Every number of the experiment. Change one here, or for one run: python train.py --lr 1e-3."""

from dataclasses import dataclass

from settings import Settings


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a small convolutional network on images."""

    epochs: int = 20  # these three, and all that could be set here too, are told in settings.py
    batch_size: int = 64
    lr: float = 0.02

    width: int = 32
    """Channels of the first convolution; every following one has twice as many."""
    label_smoothing: float = 0.1
    """How much of the target goes to the other classes, against overconfidence."""
    max_shift: int = 1
    """Augmentation: each training image is moved by up to so many pixels both ways."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(1, "width")
        self.require(0, "label_smoothing", most=0.99)
        self.require(0, "max_shift")
