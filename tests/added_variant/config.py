"""Every number of the experiment. Change one here, or for one run: python train.py --lr 1e-3."""

from dataclasses import dataclass

from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a network of two layers on points."""

    data: str | None = None  # there are no other points
    epochs: int = 10  # how many times training sees every example
    batch_size: int = 32  # examples per optimizer step
    lr: float = 0.05  # peak learning rate
    width: int = 16  # of the hidden layer
