"""The worst mistakes, as a list and as a picture: answers that were sure and wrong, or far off."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from engine.dataset import Info
from engine.evaluation import Answers
from engine.examples import draw_examples, show_examples

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 24  # in the picture
LISTED = 5  # in eval.json


class Mistakes(NamedTuple):
    """Wrong answers, the worst first."""

    indices: Tensor  # (M,): which examples
    badness: Tensor  # (M,): the probability of the wrong class, how far off the number is, the loss


def find_mistakes(answers: Answers) -> Mistakes:
    """Return which answers to a part of the data are wrong, the worst first."""
    if answers.labels.dim() == 2:  # of sequences: those that were foreseen worst
        order = answers.losses.argsort(descending=True, stable=True)
        return Mistakes(order, answers.losses[order])
    predictions = answers.predictions
    wrong = torch.nonzero(predictions != answers.labels).flatten()
    if answers.outputs.dim() == 2:
        probabilities = answers.outputs[wrong].softmax(dim=1)
        badness = probabilities.gather(1, predictions[wrong, None]).squeeze(1)
    else:
        badness = (predictions - answers.labels)[wrong].abs()
    order = badness.argsort(descending=True, stable=True)
    return Mistakes(wrong[order], badness[order])


def worst_mistakes(answers: Answers, info: Info) -> list[dict[str, Any]]:
    """Return the worst mistakes, each as what is true and what was answered; not the example.

    Its index in the dataset is there, for tools that have the data.

    Of sequences there are none: each place has an answer of its own.
    """
    if info.is_sequence:
        return []
    mistakes = find_mistakes(answers)
    indices = mistakes.indices[:LISTED]
    truths = answers.labels[indices].tolist()
    predictions = answers.predictions[indices].tolist()
    listed: list[dict[str, Any]] = []
    for place, index in enumerate(indices.tolist()):
        one = {"index": index, "true": truths[place], "predicted": predictions[place]}
        if info.classes:
            one["true"] = info.classes[truths[place]]
            one["predicted"] = info.classes[predictions[place]]
            one["probability"] = mistakes.badness[place].item()
        listed.append(one)
    return listed


def confusions(answers: Answers, info: Info) -> list[dict[str, Any]]:
    """Return which class was taken for which other one, and how often, the most often first.

    The list is empty where there are no classes, or no mistakes.
    """
    if info.is_sequence or not info.classes:
        return []
    wrong = answers.predictions != answers.labels
    pairs = torch.stack([answers.labels[wrong], answers.predictions[wrong]], dim=1)  # (M, 2)
    kinds, counts = pairs.unique(dim=0, return_counts=True)
    order = counts.argsort(descending=True, stable=True)[:LISTED]
    listed = []
    for (true, predicted), count in zip(kinds[order].tolist(), counts[order].tolist(), strict=True):
        names = {"true": info.classes[true], "predicted": info.classes[predicted]}
        listed.append({**names, "count": count})
    return listed


def draw_mistakes(dataset: Any, answers: Answers, info: Info) -> "Figure":
    """Return the picture of the worst mistakes.

    Args:
        dataset: The part of the data that was answered to.
        answers: From evaluate.
        info: Names the classes.
    """
    mistakes = find_mistakes(answers)
    indices = mistakes.indices[:SHOWN]
    if info.is_sequence:
        said = [[f"{loss / math.log(2):.2f}"] for loss in answers.losses[indices].tolist()]
        title = f"the hardest to foresee of {len(answers.labels)} examples"
        shown = show_examples(dataset, indices.tolist(), info)
        return draw_examples(shown, [f"bits per {info.unit}"], said, title)
    truths = answers.labels[indices].tolist()
    predictions = answers.predictions[indices].tolist()
    said = []
    if info.classes:
        number = len(mistakes.indices) or "none"
        title = f"{number} of {len(answers.labels)} answers wrong, the surest first"
        names = ["true", "predicted", "probability"]
        for true, predicted, chance in zip(truths, predictions, mistakes.badness, strict=False):
            said.append([info.classes[true], info.classes[predicted], f"{chance:.1%}"])
    else:
        title = f"the largest errors of {len(answers.labels)} answers"
        names = ["true", "predicted", "off by"]
        for true, predicted in zip(truths, predictions, strict=True):
            said.append([f"{true:,.7g}", f"{predicted:,.7g}", f"{predicted - true:+,.7g}"])
    shown = show_examples(dataset, indices.tolist(), info)
    return draw_examples(shown, names, said, title)
