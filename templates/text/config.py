"""Every number of the experiment. Change one here, or for one run: python train.py --lr 1e-3."""

from dataclasses import dataclass

from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a recurrent network on texts."""

    # The comment behind a setting is its text in --help. For every task: engine/settings.py.
    data: str | None = None  # a file of texts and labels (.csv, .tsv, .jsonl); else 14 languages
    text_column: str = "text"  # what the column with the texts is called
    label_column: str = "label"  # what the column with their classes is called
    max_length: int = 128  # characters of a text that are read
    epochs: int = 10  # how many times training sees every example
    batch_size: int = 64  # examples per optimizer step
    lr: float = 0.01  # peak learning rate; too high: the loss jumps, too low: it hardly falls
    weight_decay: float = 0.05  # how strongly weights are pulled towards zero
    width: int = 32  # of the recurrent network, in each direction
    dropout: float = 0.5  # share of features that training sets to zero, against overfitting

    # The least and the most that a number may be.
    LIMITS = Settings.LIMITS | {
        "width": (1, 65536),
        "max_length": (1, 1e6),
        "dropout": (0, 0.99),
    }
