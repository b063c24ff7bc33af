"""Cases for exercises 1: (arguments, what should come out)."""

from importlib.metadata import version

import torch

from lessons.sample import batch, splits


def installed_version():
    yield (), version("torch")


def batch_shapes():
    yield ([torch.zeros(8, 3), torch.zeros(8)],), [(8, 3), (8,)]
    examples = batch(5)
    yield (examples,), [tuple(tensor.size()) for tensor in examples]


def count_classes():
    yield ({"train": [], "classes": ["cat", "dog"]},), 2
    yield (splits(),), int(splits()["train"].tensors[-1].max()) + 1


def training_share():
    yield ({"train": [1, 2, 3], "val": [4], "test": [5]},), 0.6
    labels = [splits()[part].tensors[-1] for part in ("train", "val", "test")]
    yield (splits(),), labels[0].numel() / torch.cat(labels).numel()
