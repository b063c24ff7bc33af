"""The numbers of the experiment. Change one here, or for one run: python train.py --lr 1e-3."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a small GPT, which writes on in the style of a text, or teach a chat model: --base."""

    # A new line here is a new setting, and the comment after it is its text in --help. More of
    # them (seed, device, patience, ...) come from Settings in engine/settings.py: write one here
    # to change its default.
    data: str | None = None  # a text file, or a folder of them; else small talk in English
    base: str | None = None  # a chat model to teach; then data is a table of questions and answers
    encoding: str | None = None  # of the text in the files, such as cp1252; found out by itself
    context: int = 128  # characters that the network looks back, its own place included
    epochs: int = 20  # how many times training sees every character
    batch_size: int = 4  # windows of `context` characters in a batch
    optimizer: Literal["adamw", "adam", "sgd", "rmsprop"] = "adamw"  # another one: another lr
    lr: float = 0.007  # peak learning rate; too high: the loss jumps, too low: it hardly falls
    weight_decay: float = 0.1  # how strongly weights are pulled towards zero
    best_by: str = "loss"  # what best.pt is best in, on validation data: loss, or a metric
    width: int = 96  # numbers that stand for a character, in each layer; a multiple of 2 * heads
    heads: int = 4  # that look back at different things, in each layer
    layers: int = 3  # blocks of attention and a multilayer perceptron
    dropout: float = 0.15  # share of numbers that training leaves out, against overfitting
    rank: int = 8  # how much each layer of a base can learn beside what it knows (LoRA)
    keep: float = 1.0  # how strongly a base holds to what it said before; 0: not at all

    # The lowest and the highest value that a number may have; | joins two dictionaries.
    LIMITS = Settings.LIMITS | {
        "context": (2, 65536),
        "width": (2, 65536),
        "heads": (1, 1024),
        "layers": (1, 1024),
        "dropout": (0, 0.99),
        "rank": (1, 1024),
    }

    # With --base these say nothing: its layers are there.
    NOT_WITH_BASE: ClassVar = {"width", "heads", "layers", "dropout"}
    # Without --base these say nothing.
    ONLY_WITH_BASE: ClassVar = {"rank", "keep"}
    # With --base these are the defaults instead.
    WITH_BASE: ClassVar = {
        "context": 256,  # tokens of a question and its answer together
        "epochs": 30,
        "batch_size": 4,
        "lr": 1e-3,
        "weight_decay": 0.0,
    }
