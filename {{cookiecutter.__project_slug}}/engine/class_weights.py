"""How much an example of each class counts in training: --class-weights."""

from typing import Any

import torch
from torch import Tensor

from engine.contract import check_labels
from engine.dataset import BatchReader, Data
from engine.metrics import Metric, macro_f1, name_of
from engine.settings import Settings, UserError

FAIR = macro_f1.__name__  # the metric in which every class counts the same


def flags_for_rare_classes(metrics: list[Metric], settings: Settings | None = None) -> str:
    """Return what to type so that more examples of rare classes are found.

    Args:
        metrics: From model.py.
        settings: What was typed already.
    """
    power = 0.5
    if settings is not None and settings.class_weights >= power:
        power = 1
    flags = f"--class-weights {power:g}"
    if FAIR in [name_of(metric) for metric in metrics]:
        flags += f" --best-by {FAIR}"
    return flags


def learn_class_weights(data: Data, settings: Settings) -> Tensor | None:
    """Return the weight of each class (K,) float32, or None where all count the same.

    Args:
        data: From load_data; the training examples are counted.
        settings: `class_weights` counts here.

    Raises:
        UserError: There are no classes.
    """
    if settings.class_weights == 0:
        return None
    if not data.info.classes:
        raise UserError("--class-weights is for classes, and these data have none: omit it")
    labels = read_labels(data.train)
    check_labels(labels, data.info, "train")
    counts = labels.bincount(minlength=len(data.info.classes))
    return balance(counts, settings.class_weights)


def read_labels(dataset: Any) -> Tensor:
    """Return the labels of all examples (N,), as `__getitem__` gives them."""
    if BatchReader(dataset).is_in_memory:
        return dataset.labels
    print("--class-weights: counting the classes, for which each training example is read once")
    labels = []
    for index in range(len(dataset)):
        _, label = dataset[index]
        labels.append(torch.as_tensor(label))
    return torch.stack(labels)


def balance(counts: Tensor, power: float) -> Tensor:
    """Return the weight of each class (K,): a power of how rare it is.

    The mean of the weights over all examples is 1, so that --lr means what it meant.

    Args:
        counts: (K,), the examples of each class.
        power: 0 gives all the weight 1; with 1 all classes count the same, however rare they are.
    """
    counts = counts.double()
    weights = counts.clamp(min=1).pow(-power)
    mean = (weights * counts).sum() / counts.sum()
    return (weights / mean).float()
