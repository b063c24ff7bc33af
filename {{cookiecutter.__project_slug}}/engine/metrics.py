"""The usual metrics. A metric is a function; its name is what it is called everywhere.

A metric takes the outputs of a whole part of the data, as the model gives them, and the labels:
logits (N, K) and class numbers (N,) int64, or predicted and true numbers (N,) and (N,); of
sequences the losses of all places and what was to be foreseen there, (N, T) both. They are on the
CPU. It returns one number. The higher it is, the better, unless its name ends in loss, error, mae,
mse, perplexity or per_character: then lower is better.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # tables of scores need no PyTorch, which takes a second to load
    from torch import Tensor

Metric = Callable[["Tensor", "Tensor"], float]
Row = dict[str, float]  # a row of metrics.csv: the scores of an epoch

# The label of a place where nothing is to be foreseen: cross_entropy gives it a loss of 0.
IGNORED = -100


class Interval(NamedTuple):
    """Where a score lies: 95 of 100 such intervals hold that of endless examples."""

    low: float
    high: float


class Comparison(NamedTuple):
    """What a paired test says of two models that answered to the same examples."""

    metric: str
    verdict: str  # of ours: better, worse, or unclear
    p: float  # how often models that are equally good would differ so much


def score_text(score: float) -> str:
    """Return a score with four decimals; with four digits where these would be zeros."""
    is_small = 0 < abs(score) < 0.001
    return f"{score:.4g}" if is_small else f"{score:,.4f}"


def accuracy(logits: "Tensor", labels: "Tensor") -> float:
    """Return the share of examples whose likeliest class is the right one."""
    return (logits.argmax(dim=1) == labels).double().mean().item()


def macro_f1(logits: "Tensor", labels: "Tensor") -> float:
    """Return the mean F1 of the classes: a rare class counts as much as a frequent one.

    The F1 of a class is 2 * right / (answered + true), from 0 to 1. Classes that are neither among
    the labels nor among the answers do not count, as in scikit-learn's f1_score.
    """
    counts = count_by_class(logits, labels)
    either = counts.answered + counts.true
    occurs = either > 0
    return (2 * counts.right[occurs] / either[occurs]).mean().item()


def balanced_accuracy(logits: "Tensor", labels: "Tensor") -> float:
    """Return the mean of the shares of each class that are found: always the same gives 1 / K.

    Classes without an example do not count, as in scikit-learn's balanced_accuracy_score.
    """
    counts = count_by_class(logits, labels)
    occurs = counts.true > 0
    return (counts.right[occurs] / counts.true[occurs]).mean().item()


class CountsByClass(NamedTuple):
    """Numbers of examples, each (K,) float64."""

    right: "Tensor"  # of the class, and answered so
    answered: "Tensor"  # answered so
    true: "Tensor"  # of the class


def count_by_class(logits: "Tensor", labels: "Tensor") -> CountsByClass:
    """Return for each class how often it is answered, how often rightly, and how often true."""
    classes = logits.shape[1]
    answers = logits.argmax(dim=1)
    return CountsByClass(
        right=labels[answers == labels].bincount(minlength=classes).double(),
        answered=answers.bincount(minlength=classes).double(),
        true=labels.bincount(minlength=classes).double(),
    )


def mae(numbers: "Tensor", labels: "Tensor") -> float:
    """Return the mean absolute error."""
    return (numbers - labels).double().abs().mean().item()


def rmse(numbers: "Tensor", labels: "Tensor") -> float:
    """Return the root of the mean squared error."""
    return (numbers - labels).double().square().mean().sqrt().item()


def r2(numbers: "Tensor", labels: "Tensor") -> float:
    """Return the share of the labels' variance that is explained: 1 is perfect, 0 is the mean."""
    variance = labels.double().var(correction=0).item()
    if variance == 0:
        return 0.0
    return 1 - (numbers - labels).double().square().mean().item() / variance


def bits_per_character(losses: "Tensor", characters: "Tensor") -> float:
    """Return the mean loss of all characters in bits: a guess among two equals costs 1 bit.

    Args:
        losses: (N, T), from cross_entropy, which counts in nats: 1 bit is ln 2 of these.
        characters: (N, T), those that were to be foreseen.
    """
    return losses.double().mean().item() / math.log(2)


def perplexity(losses: "Tensor", characters: "Tensor") -> float:
    """Return among how many characters, all equally likely, a guess would be as hard.

    Of a chat model these are the tokens of the answers.
    """
    counted = characters != IGNORED
    return losses[counted].double().mean().exp().item()


def word_for_word(losses: "Tensor", tokens: "Tensor") -> float:
    """Return the share of answers that a chat model gives as they were taught.

    In such an answer each token is more likely than all others together, so the likeliest one.

    Args:
        losses: (N, T), of each token of the answers.
        tokens: (N, T), those that were to be foreseen.
    """
    sure = losses < math.log(2)
    return (sure | (tokens == IGNORED)).all(dim=1).double().mean().item()


def name_of(metric: Metric) -> str:
    """Return what a metric is called."""
    return getattr(metric, "__name__", type(metric).__name__)


def lower_is_better(name: str) -> bool:
    """Return whether a score of this name is the better, the lower it is."""
    return name.endswith(("loss", "error", "mae", "mse", "perplexity", "per_character"))


def main_metric(names: list[str], best_by: str) -> str:
    """Return the name of the metric that a model is judged by, of these.

    It is the one that best.pt is chosen by, or the first one where that is the loss.
    """
    if best_by in names:
        return best_by
    return names[0] if names else "loss"


def best_row(history: list[Row], best_by: str) -> Row:
    """Return the row with the best validation score of this name.

    Of equal ones, which few validation examples make likely, it is the one with the lowest
    validation loss, and then the first. Rows that lack the score, or have nan, are passed over;
    where all do, the validation loss counts.
    """
    name = f"val_{best_by}"
    rows = [row for row in history if not math.isnan(row.get(name, math.nan))]
    if not rows:
        rows = history
        name = "val_loss"
    sign = 1 if lower_is_better(name) else -1

    def order(row: Row) -> tuple[float, float]:
        loss = row.get("val_loss", math.inf)
        return sign * row[name], math.inf if math.isnan(loss) else loss

    return min(rows, key=order)
