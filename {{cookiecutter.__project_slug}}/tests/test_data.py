"""Your data: what load_data in data.py returns."""

from dataclasses import replace

import pytest
import torch

from config import Config
from data import load_data
from engine.dataset import BatchReader, BatchRequest, Data
from engine.loader import make_loader

PARTS = ("train", "val", "test")


@pytest.fixture(scope="module")
def data() -> Data:
    """Return the data, read once."""
    return load_data(Config())


@pytest.mark.parametrize("part", PARTS)
def test_an_example_is_an_input_and_a_label(data, part):
    dataset = getattr(data, part)
    assert len(dataset) > 0, f"load_data returned no examples for {part}"
    example = dataset[0]
    assert len(example) == 2, (
        f"an example of {part} has {len(example)} parts. __getitem__ must return two, "
        "(input, label); an input of several parts is a tuple"
    )


@pytest.mark.parametrize("part", PARTS)
def test_examples_make_a_batch(data, part):
    count = min(4, len(getattr(data, part)))
    loader = make_loader(getattr(data, part), count, Config(limit_batches=1))
    inputs, labels = next(iter(loader))
    first = inputs[0] if isinstance(inputs, tuple) else inputs
    assert len(first) == len(labels), (
        f"a batch of {part} has {len(first)} inputs and {len(labels)} labels: "
        "is the dataset's collate_fn right?"
    )


@pytest.mark.parametrize("part", PARTS)
def test_labels_fit_the_classes(data, part):
    count = min(50, len(getattr(data, part)))
    request = BatchRequest(torch.arange(count), seed=0)
    _, labels = BatchReader(getattr(data, part))[request]
    if data.info.is_sequence:
        inputs, _ = getattr(data, part)[0]
        assert labels.shape == (count, len(inputs)), (
            f"the labels of {part} are {tuple(labels.shape)} for inputs of {len(inputs)} places: "
            "each place must have one"
        )
    classes = data.info.classes
    if classes:
        assert not labels.is_floating_point(), (
            f"a label of {part} is a decimal number, but there are classes: "
            "it must be the number of its class, an int"
        )
        assert 0 <= labels.min() <= labels.max() < len(classes), (
            f"a label of {part} is not from 0 to {len(classes) - 1}, "
            "though info.classes has so many names"
        )


def test_the_split_does_not_depend_on_the_seed_of_a_training(data):
    other = load_data(replace(Config(), seed=7))
    for part in PARTS:
        assert len(getattr(other, part)) == len(getattr(data, part)), (
            f"with another --seed {part} has another size: then one run's test data "
            "are another run's training data, and their scores cannot be compared"
        )
