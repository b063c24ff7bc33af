"""The numbers of the experiment. Change one here, or for one run: python train.py --lr 1e-3."""

from dataclasses import dataclass

from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a team of multilayer perceptrons on a table."""

    # A new line here is a new setting, and the comment after it is its text in --help. More of
    # them (optimizer, weight_decay, seed, device, ...) come from Settings in engine/settings.py:
    # write one here to change its default.
    data: str | None = None  # a CSV file with the names of its columns; else breast cancer
    target: str | None = None  # the column to predict
    regression: bool = False  # predict it as a number, even if it has few different values
    drop: tuple[str, ...] = ()  # columns to leave out
    categories: tuple[str, ...] = ()  # columns of which each value is a category, also if numbers
    numbers: tuple[str, ...] = ()  # columns that are numbers, whatever they look like
    dates: tuple[str, ...] = ()  # columns that are dates; joined:mdy has the month first, or dmy
    encoding: str | None = None  # of the text in the file, such as cp1252; found out by itself
    split_by: str | None = None  # a column: rows with the same value are in one part of the data
    split_time: str | None = None  # a column of dates or numbers: the latest rows are the test
    epochs: int = 30  # how many times training sees every example
    batch_size: int = 32  # the most examples in a batch
    lr: float = 0.01  # peak learning rate; too high: the loss jumps, too low: it hardly falls
    weight_decay: float = 0.05  # how strongly weights are pulled towards zero
    width: int = 64  # of each of the two hidden layers
    members: int = 4  # networks in the team whose mean answer counts; they share most weights
    dropout: float = 0.1  # share of hidden values that training sets to zero
    label_smoothing: float = 0.0  # share of the target for other classes, against overconfidence

    # The lowest and the highest value that a number may have; | joins two dictionaries.
    LIMITS = Settings.LIMITS | {
        "width": (1, 65536),
        "members": (1, 1024),
        "dropout": (0, 0.99),
        "label_smoothing": (0, 0.99),
    }
