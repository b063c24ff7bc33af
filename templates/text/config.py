"""The numbers of the experiment. Change one here, or for one run: python train.py --lr 1e-3."""

from dataclasses import dataclass

from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a recurrent network on texts."""

    # A new line here is a new setting, and the comment after it is its text in --help. More of
    # them (optimizer, weight_decay, seed, device, ...) come from Settings in engine/settings.py:
    # write one here to change its default.
    data: str | None = None  # a file of texts and labels (.csv, .tsv, .jsonl); else 14 languages
    text_column: str = "text"  # what the column with the texts is called
    label_column: str = "label"  # what the column with their classes is called
    max_length: int = 128  # characters of a text that are read
    epochs: int = 10  # how many times training sees every example
    batch_size: int = 64  # the most examples in an optimizer step
    lr: float = 0.01  # peak learning rate; too high: the loss jumps, too low: it hardly falls
    weight_decay: float = 0.05  # how strongly weights are pulled towards zero
    width: int = 32  # numbers in the GRU's state in each direction, and in the vector of a piece
    dropout: float = 0.5  # share of features that training sets to zero, against overfitting

    # The lowest and the highest value that a number may have; | joins two dictionaries.
    LIMITS = Settings.LIMITS | {
        "width": (1, 65536),
        "max_length": (1, 1e6),
        "dropout": (0, 0.99),
    }
