"""How much each column of a table counts: what the score loses when the column is shuffled.

Then its cells say nothing of their rows any more (permutation importance):
scikit-learn.org/stable/modules/permutation_importance.html
"""

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from config import Config
from data import Info
from engine.answers import call
from engine.checkpoint import LoadedModel
from engine.dataset import Batch
from engine.metrics import lower_is_better
from engine.plots import cut, take_dollars_as_they_are
from tools.texts import WHY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPEATS = 20  # shufflings of each column
MOST_ASKED = 200_000  # rows that the model answers to, for all columns together
FEWEST_ROWS = 50  # that are shuffled, also of a table with very many columns
AT_ONCE = 1024
MOST_COLUMNS = 500  # of a table with more the first ones
# Of more columns those that lose most at a first shuffling, which does not count.
MOST_MEASURED = 60
SHOWN = 12  # columns in the picture

Score = Callable[[Tensor, Tensor], float]  # of outputs and labels


class Importance(NamedTuple):
    """What a score loses when a column is shuffled."""

    column: str
    lost: float  # in the mean; above 0 where the score is worse, whichever way it is better
    spread: float  # the standard deviation of a shuffling

    @property
    def counts(self) -> bool:
        """Whether the column counts: more is lost than chance alone would lose.

        Had the column nothing to do with the answer, its true order would be one more shuffling,
        and few of these are more than two standard deviations from the mean.
        """
        return self.lost > 2 * self.spread


def columns_of(info: Info) -> dict[str, tuple[list[int], list[int]]]:
    """Return of each column of the table its places among the numbers, and the categories."""
    places: dict[str, tuple[list[int], list[int]]] = {}
    for number, about in enumerate(info.numbers.values()):
        places.setdefault(about["column"], ([], []))[0].append(number)
    for number, name in enumerate(info.categories):
        places.setdefault(name, ([], []))[1].append(number)
    return places


def importances(
    loaded: LoadedModel[Config, Info], batch: Batch, score: Score, lower: bool
) -> list[Importance]:
    """Return how much each column counts, the largest loss first; of very many columns some.

    Args:
        loaded: The model.
        batch: Numbers (N, F) and categories (N, C), and the labels (N,).
        score: A metric of all outputs and labels.
        lower: Whether it is better, the lower it is.
    """
    (numbers, categories), labels = batch
    columns = dict(islice(columns_of(loaded.info).items(), MOST_COLUMNS))
    rows = max(FEWEST_ROWS, MOST_ASKED // (REPEATS * max(1, len(columns))))
    if len(labels) > rows:
        some = torch.linspace(0, len(labels) - 1, rows).round().long()
        numbers, categories, labels = numbers[some], categories[some], labels[some]
    sign = -1 if lower else 1
    whole = sign * score(outputs_of(loaded, numbers, categories), labels)
    generator = torch.Generator().manual_seed(0)

    def lost_without(name: str) -> float:
        """Return what the score loses when a column is shuffled once."""
        order = torch.randperm(len(labels), generator=generator)
        of_numbers, of_categories = columns[name]
        shuffled_numbers, shuffled_categories = numbers.clone(), categories.clone()
        shuffled_numbers[:, of_numbers] = numbers[order][:, of_numbers]
        shuffled_categories[:, of_categories] = categories[order][:, of_categories]
        outputs = outputs_of(loaded, shuffled_numbers, shuffled_categories)
        return whole - sign * score(outputs, labels)

    chosen = list(columns)
    if len(chosen) > MOST_MEASURED:
        first = {name: lost_without(name) for name in chosen}
        chosen = sorted(chosen, key=lambda name: -first[name])[:MOST_MEASURED]
    found = []
    for name in chosen:
        lost = [lost_without(name) for _ in range(REPEATS)]
        losses = torch.tensor(lost, dtype=torch.float64)
        found.append(Importance(name, losses.mean().item(), losses.std().item()))
    return sorted(found, key=lambda one: -one.lost)


@torch.inference_mode()
def outputs_of(loaded: LoadedModel[Config, Info], numbers: Tensor, categories: Tensor) -> Tensor:
    """Return the model's outputs on the CPU: logits (N, K), or numbers (N,)."""
    outputs = []
    for start in range(0, len(numbers), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        outputs.append(call(loaded.model, (numbers[some], categories[some])).float())
    return torch.cat(outputs)


def draw_importances(found: list[Importance], metric: str) -> "Figure":
    """Return the picture of the columns that count most, each with two standard deviations.

    Args:
        found: From importances.
        metric: The name of the score.
    """
    from matplotlib.figure import Figure

    take_dollars_as_they_are()
    shown = found[:SHOWN]
    figure = Figure((7, 0.9 + 0.32 * len(shown)), layout="constrained")
    axes: Any = figure.subplots()
    axes.barh(
        [cut(one.column, 32) for one in shown],
        [one.lost for one in shown],
        xerr=[2 * one.spread for one in shown],
        color=["#2f74c0" if one.counts else "#b8bec6" for one in shown],
        ecolor="#333333",
        capsize=3,
    )
    axes.invert_yaxis()
    axes.axvline(0, color="black", linewidth=0.8)
    worse = "rises" if lower_is_better(metric) else "falls"
    axes.set_xlabel(f"by how much {metric} {worse} when the column is shuffled")
    return figure


def in_words(found: list[Importance], columns: int) -> str:
    """Return what the picture does not say.

    Args:
        found: From importances.
        columns: How many the table has.
    """
    words = WHY["importance"].format(count=len(found), times=REPEATS)
    without = sum(not one.counts for one in found)
    if without:
        words += WHY["no_importance"].format(count=without, all=len(found))
    if columns > len(found):
        words += WHY["some_columns"].format(all=columns)
    return words
