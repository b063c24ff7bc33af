"""The numbers of the experiment. Change one here, or for one run: python train.py --lr 1e-3."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a network that adds up pieces of texts, or with --backbone an encoder."""

    # A new line here is a new setting, and the comment after it is its text in --help. More of
    # them (seed, device, class_weights, ...) come from Settings in engine/settings.py: write one
    # here to change its default.
    data: str | None = None  # a file of texts and labels (.csv, .tsv, .jsonl); else 14 languages
    text_column: str = "text"  # what the column with the texts is called
    label_column: str = "label"  # what the column with their classes is called
    encoding: str | None = None  # of the text in the file, such as cp1252; found out by itself
    split_by: str | None = None  # a column: rows with the same value are in one part of the data
    split_time: str | None = None  # a column of dates or numbers: the latest rows are the test
    max_length: int = 2000  # characters of a text that are read; short texts are not padded to it
    backbone: str | None = None  # an encoder that has learned: its name on huggingface.co, a folder
    max_tokens: int = 256  # words and parts of words that a backbone reads: enough for most texts
    epochs: int = 10  # how many times training sees every example
    batch_size: int = 64  # the most examples in a batch
    optimizer: Literal["adamw", "adam", "sgd", "rmsprop"] = "sgd"  # another one needs another lr
    lr: float = 0.03  # peak learning rate; too high: the loss jumps, too low: it hardly falls
    weight_decay: float = 0.0  # how strongly weights are pulled towards zero
    best_by: str = "accuracy"  # what best.pt is best in, on validation data: loss, or a metric
    width: int = 32  # the most numbers in the vector of a piece; with fewer classes, one for each
    dropout: float = 0.0  # share of pieces that training leaves out, against overfitting
    margin: float = 3.0  # in training the right class must win by so much; 0: plain cross-entropy

    # The lowest and the highest value that a number may have; | joins two dictionaries.
    LIMITS = Settings.LIMITS | {
        "width": (1, 65536),
        "max_length": (1, 1e6),
        "max_tokens": (3, 1e6),
        "dropout": (0, 0.99),
        "margin": (0, 100),
    }

    # With --backbone these say nothing: its layers are there.
    NOT_WITH_BACKBONE: ClassVar = {"width", "dropout"}
    # With --backbone these are the defaults instead.
    WITH_BACKBONE: ClassVar = {
        "optimizer": "adamw",
        "epochs": 22,
        "frozen_epochs": 20,
        "lr": 0.01,
        "backbone_lr": 2e-5,
        "weight_decay": 0.01,
        "batch_size": 16,
        "margin": 0.0,
        "best_by": "loss",
    }
