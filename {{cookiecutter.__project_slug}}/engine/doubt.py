"""How far a score can be trusted: where it may lie, and whether it really beats another model's.

A part of the data has few examples. With others of the same kind the score would be another one.
"""

import math
import warnings
from typing import TYPE_CHECKING

import torch
from tqdm import tqdm

from engine.metrics import Comparison, Interval, Metric, accuracy, lower_is_better, name_of

if TYPE_CHECKING:
    from torch import Tensor

CONFIDENCE = 0.95
FEWEST_EXAMPLES = 20  # of fewer, drawing again from them says too little about others
MOST_REPEATS = 1000
FEWEST_REPEATS = 100
NUMBERS = 20_000_000  # of the outputs are looked at in all: of large data, fewer repeats do
SEED = 0  # the same answers have the same intervals


def intervals(metrics: list[Metric], outputs: "Tensor", labels: "Tensor") -> dict[str, Interval]:
    """Return the 95 % interval of each score, by the name of its metric.

    That of `accuracy`, a share of the examples, is Wilson's:
    docs.scipy.org/doc/scipy/reference/generated/scipy.stats._result_classes.BinomTestResult.proportion_ci.html
    For any other metric it is a bootstrap's: the examples are drawn again and again, each draw as
    many as there are, some twice and some not at all, and the middle 95 % of the scores count.

    A metric has no interval where the examples are too few for a bootstrap, or all draws have the
    same score, as where every answer is right, or most draws have none.

    Args:
        metrics: From model.py.
        outputs: Of all examples, as the metrics take them (N, ...).
        labels: Of all examples (N, ...).
    """
    found: dict[str, Interval] = {}
    drawn_metrics = []
    for metric in metrics:
        if metric is accuracy:
            right = int((outputs.argmax(dim=1) == labels).sum())
            found[name_of(metric)] = wilson(right, len(labels))
        else:
            drawn_metrics.append(metric)
    if len(labels) >= FEWEST_EXAMPLES and drawn_metrics:
        found |= bootstrap(drawn_metrics, outputs, labels)
    return found


def wilson(right: int, count: int) -> Interval:
    """Return the interval of a share, which holds for few examples, and where all are right."""
    from scipy.stats import binomtest  # takes a second, and is loaded by scikit-learn in any case

    found = binomtest(right, count).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(float(found.low), float(found.high))


def bootstrap(metrics: list[Metric], outputs: "Tensor", labels: "Tensor") -> dict[str, Interval]:
    """Return the intervals of the metrics that have one, by their names."""
    generator = torch.Generator().manual_seed(SEED)
    count = len(labels)
    scores: dict[str, list[float]] = {name_of(metric): [] for metric in metrics}
    repeats = repeats_for(outputs)
    for _ in tqdm(range(repeats), "intervals", leave=False, disable=None, delay=1):
        indices = torch.randint(count, (count,), generator=generator)
        drawn_outputs = outputs[indices]
        drawn_labels = labels[indices]
        for metric in metrics:
            score = score_of_draw(metric, drawn_outputs, drawn_labels)
            if math.isfinite(score):
                scores[name_of(metric)].append(score)
    outside = (1 - CONFIDENCE) / 2
    limits = torch.tensor([outside, 1 - outside], dtype=torch.float64)
    found = {}
    for name, values in scores.items():
        if len(values) <= repeats / 2 or min(values) == max(values):
            continue
        low, high = torch.tensor(values, dtype=torch.float64).quantile(limits).tolist()
        found[name] = Interval(low, high)
    return found


def score_of_draw(metric: Metric, outputs: "Tensor", labels: "Tensor") -> float:
    """Return a score; nan where there is none, as where no example of a class was drawn."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scikit-learn warns of what a few draws lack
            return float(metric(outputs, labels))
    except Exception:  # a metric of your own may raise anything
        return math.nan


def compare(metric: Metric, ours: "Tensor", theirs: "Tensor", labels: "Tensor") -> Comparison:
    """Return whether our answers are better than those of another model to the same examples.

    This is a paired permutation test: again and again, for each example a coin says whose answer
    counts as ours. If the two models are equally good, this makes no difference. It suits every
    metric and few examples; for the accuracy it is McNemar's test.
    en.wikipedia.org/wiki/Permutation_test

    Args:
        metric: What counts.
        ours: Outputs of our model (N, ...).
        theirs: Outputs of the other one, the same shape.
        labels: The right ones (N, ...).
    """
    generator = torch.Generator().manual_seed(SEED)
    name = name_of(metric)
    ahead = float(metric(ours, labels)) - float(metric(theirs, labels))
    # Sums in another order differ in the last digits: what is this close counts as the same.
    least = abs(ahead) * (1 - 1e-9)
    one_per_example = (len(labels), *[1] * (ours.dim() - 1))
    repeats = repeats_for(ours)
    as_far = 0
    for _ in tqdm(range(repeats), "comparison", leave=False, disable=None, delay=1):
        is_exchanged = torch.rand(one_per_example, generator=generator) < 0.5
        first = torch.where(is_exchanged, theirs, ours)
        second = torch.where(is_exchanged, ours, theirs)
        difference = float(metric(first, labels)) - float(metric(second, labels))
        if not abs(difference) < least:  # nan counts, too: it supports no claim
            as_far += 1
    p = (1 + as_far) / (1 + repeats)  # ours as they are, are one of the ways to deal them
    if lower_is_better(name):
        ahead = -ahead
    if p >= 1 - CONFIDENCE or ahead == 0:
        return Comparison(name, "unclear", p)
    return Comparison(name, "better" if ahead > 0 else "worse", p)


def repeats_for(outputs: "Tensor") -> int:
    """Return how often to draw from such outputs: many times, and of large ones not for long."""
    affordable = NUMBERS // max(1, outputs.numel())
    return min(MOST_REPEATS, max(FEWEST_REPEATS, affordable))
