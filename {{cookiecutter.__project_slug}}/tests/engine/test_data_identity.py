"""Changed data are found out, and the same data are recognised."""

import copy
import random
import time

import numpy as np
import pytest
import torch
from torch.utils.data import Dataset, Subset, TensorDataset, random_split

from engine import data_identity
from engine.data_identity import SECONDS, differences, identity, spread
from engine.dataset import Data, Info, InMemory, Sequences

COUNT = 60
TRAIN, VAL, TEST = torch.arange(COUNT).split([40, 10, 10])
KINDS = (
    "InMemory",
    "TensorDataset",
    "Sequences",
    "Dataset",
    "files",
    "array",
    "labels are words",
    "wrapped",
    "Subset",
    "Subset of a Dataset",
    "own __getitem__",
)


class OneByOne(Dataset):
    """A Dataset as in the tutorial: it reads one example at a time."""

    def __init__(self, inputs, labels, change=None):
        self.inputs = inputs
        self.answers = labels
        self.change = change

    def __len__(self):
        return len(self.answers)

    def __getitem__(self, index):
        picture = self.inputs[index]
        return (self.change(picture) if self.change else picture), int(self.answers[index])


class FromFiles(OneByOne):
    """The same, but nothing that it keeps tells what an example is."""

    def __init__(self, inputs, labels, change=None):
        super().__init__(list(inputs), [str(label) for label in labels.tolist()], change)


class Wrapped(Dataset):
    """A Dataset that changes the examples of another one."""

    def __init__(self, inside, change):
        self.inside = inside
        self.change = change

    def __len__(self):
        return len(self.inside)

    def __getitem__(self, index):
        picture, label = self.inside[index]
        return self.change(picture), label


class OwnItems(InMemory):
    """The fast class with a __getitem__ of one's own."""

    def __getitem__(self, index):
        picture, label = super().__getitem__(index)
        return 2 * picture, label


def make_inputs():
    return torch.rand(COUNT, 3, 4, generator=torch.Generator().manual_seed(0))


def make_labels():
    return torch.arange(COUNT) % 3


def make_data(kind="InMemory", inputs=None, labels=None, rows=(TRAIN, VAL, TEST), **more):
    """Return data whose examples are kept in a class of this kind."""
    inputs = make_inputs() if inputs is None else inputs
    labels = make_labels() if labels is None else labels
    parts = []
    for indices in rows:
        if kind == "InMemory":
            part = InMemory(inputs, labels).part(indices)
        elif kind == "TensorDataset":
            part = TensorDataset(inputs[indices], labels[indices])
        elif kind == "Sequences":
            texts = [(1000 * picture[0]).long()[: 1 + int(picture[0, 0] * 3)] for picture in inputs]
            part = Sequences([texts[row] for row in indices.tolist()], labels[indices])
        elif kind == "Subset":
            part = Subset(InMemory(inputs, labels), indices.tolist())
        elif kind == "Subset of a Dataset":
            part = Subset(OneByOne(inputs, labels), indices.tolist())
        elif kind == "files":
            part = FromFiles(inputs[indices], labels[indices])
        elif kind == "array":
            part = OneByOne(inputs[indices].numpy(), labels[indices].tolist())
        elif kind == "labels are words":
            part = OneByOne(inputs[indices], FromFiles(inputs, labels[indices]).answers)
        elif kind == "wrapped":
            part = Wrapped(InMemory(inputs, labels).part(indices), torch.sqrt)
        elif kind == "own __getitem__":
            part = OwnItems(inputs, labels).part(indices)
        else:
            part = OneByOne(inputs[indices], labels[indices])
        parts.append(part)
    train, val, test = parts
    info = Info(classes=["cat", "cow", "dog"])
    return Data(train=train, val=val, test=test, info=info, **more)


def found(before, now, goes_on=True):
    return differences(identity(before), now, goes_on)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_data_are_recognised(kind):
    assert found(make_data(kind), make_data(kind)) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("row", "part"), [(17, "train"), (44, "val"), (59, "test")])
def test_a_change_of_one_example_is_found_in_each_part(kind, row, part):
    inputs = make_inputs()
    inputs[row, 0] += 0.5
    assert found(make_data(kind), make_data(kind, inputs)) == [f"those of {part}"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("row", "part"), [(17, "train"), (44, "val"), (59, "test")])
def test_a_change_of_one_label_is_found_in_each_part(kind, row, part):
    labels = make_labels()
    labels[row] = (labels[row] + 1) % 3
    assert found(make_data(kind), make_data(kind, labels=labels)) == [f"those of {part}"]


@pytest.mark.parametrize("kind", KINDS)
def test_two_parts_that_are_exchanged_are_found(kind):
    now = make_data(kind)
    now.val, now.test = now.test, now.val
    assert found(make_data(kind), now) == ["those of val", "those of test"]


@pytest.mark.parametrize("kind", KINDS)
def test_another_order_is_found(kind):
    now = make_data(kind, rows=(TRAIN.flip(0), VAL, TEST))
    assert found(make_data(kind), now) == ["those of train"]


@pytest.mark.parametrize("kind", ["InMemory", "Subset", "Sequences"])
def test_a_fingerprint_stands_for_the_contents_but_not_for_the_split(kind):
    labels = torch.zeros(COUNT, dtype=torch.long)  # all parts have the same labels
    before = make_data(kind, labels=labels, fingerprint="mine")
    other = make_data(kind, make_inputs() + 1, labels, fingerprint="mine")
    if kind != "Sequences":  # which have other lengths
        assert found(before, other) == []
    before.fingerprint = "yours"
    assert found(before, other)[0] == "their contents"
    now = make_data(kind, labels=labels, rows=(TRAIN, TEST, VAL), fingerprint="yours")
    assert found(before, now) == ["those of val", "those of test"]


def test_a_class_with_another_name_is_found():
    now = make_data(fingerprint="mine")
    now.info.classes[1] = "horse"
    assert found(make_data(fingerprint="mine"), now) == ["the names of the classes"]


def test_a_split_that_is_another_one_each_time_is_found():
    whole = InMemory(make_inputs(), make_labels())
    parts = [random_split(whole, [40, 10, 10]) for _ in range(2)]
    before, now = (Data(train=t, val=v, test=s, info=Info()) for t, v, s in parts)
    assert len(found(before, now)) == 3
    generators = [torch.Generator().manual_seed(5) for _ in range(2)]
    parts = [random_split(whole, [40, 10, 10], generator) for generator in generators]
    before, now = (Data(train=t, val=v, test=s, info=Info()) for t, v, s in parts)
    assert found(before, now) == []


def test_whether_a_part_is_copied_or_stays_in_a_file_is_no_difference(monkeypatch):
    before = make_data()
    monkeypatch.setattr("engine.dataset.LARGE", 0)
    now = make_data()
    assert now.test.rows is not None
    assert found(before, now) == []
    assert identity(before) == identity(now)


def test_a_tensor_of_many_blocks_is_digested_whole(monkeypatch):
    monkeypatch.setattr(data_identity, "AT_ONCE", 100)
    blocks = identity(make_data())
    inputs = make_inputs()
    for row in range(COUNT):
        changed = inputs.clone()
        changed[row, -1, -1] += 1
        assert differences(blocks, make_data(inputs=changed), goes_on=True)


def test_of_a_tensor_that_is_too_large_rows_over_all_of_it_are_digested(monkeypatch):
    monkeypatch.setattr(data_identity, "MOST", 1000)  # of 1920 bytes
    before = identity(make_data())
    assert before == identity(make_data())
    changes = 0
    for row in range(len(TRAIN)):
        inputs = make_inputs()
        inputs[row] += 1
        changes += before != identity(make_data(inputs=inputs))
    assert changes == len(TRAIN) / 2


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture + torch.rand(()),
        lambda picture: picture * random.random(),
        lambda picture: picture + np.random.rand(),
    ],
)
def test_random_changes_that_follow_the_seed_are_recognised(change):
    before = make_data("files")
    before.train.change = change
    now = copy.deepcopy(before)
    torch.rand(3)
    assert found(before, now) == []
    now.train.inputs[7] += 1  # an example that trains
    assert found(before, now) == ["those of train"]


def test_random_changes_that_do_not_follow_the_seed_leave_the_labels():
    free = np.random.default_rng()
    before = make_data("files")
    before.train.change = lambda picture: picture + free.random()
    now = copy.copy(before)
    assert found(before, now) == []


def test_random_changes_of_a_dataset_that_keeps_tensors_do_not_matter_and_none_is_asked_for():
    asked = []

    def change(picture):
        asked.append(picture)
        return picture + random.random()

    for kind in ("Dataset", "wrapped", "array"):
        before = make_data(kind)
        now = make_data(kind)
        now.train.change = change
        assert found(before, now) == []
    assert asked == []


def test_to_score_a_run_its_random_changes_do_not_matter_but_its_examples_do():
    before = make_data("files")
    now = make_data("files")
    now.train.change = lambda picture: picture + torch.rand(())  # was not there before
    assert found(before, now, goes_on=False) == []
    assert found(before, now, goes_on=True) == ["those of train"]
    now.train.change = lambda picture: picture + 1
    assert found(before, now, goes_on=False) == ["those of train"]


def test_slow_examples_do_not_keep_a_training_waiting():
    def slow(picture):
        time.sleep(SECONDS / 10)
        return picture

    fast = make_data("files")
    now = make_data("files")
    for part in (now.train, now.val, now.test):
        part.change = slow
    began = time.monotonic()
    few = identity(now)
    assert time.monotonic() - began < 20 * SECONDS
    assert len(few["train"]["examples"]) < len(identity(fast)["train"]["examples"])
    assert differences(few, fast, goes_on=True) == []
    fast.val.inputs[0] += 1  # the first example is always read
    assert differences(few, fast, goes_on=True) == ["those of val"]


def test_each_example_comes_once_and_the_first_ones_are_spread():
    for count in range(300):
        assert sorted(spread(count)) == list(range(count))
    first = sorted(number for number, _ in zip(spread(1000), range(8), strict=False))
    gaps = np.diff([0, *first, 1000])
    assert gaps.max() < 250


def test_inputs_of_several_parts_are_told_apart():
    def as_dict(picture):
        return {"picture": picture, "sum": picture.sum()}

    before = make_data("files")
    before.test.change = as_dict
    now = copy.deepcopy(before)
    assert found(before, now) == []
    now.test.change = lambda picture: {**as_dict(picture), "sum": picture.sum() + 1}
    assert found(before, now) == ["those of test"]
    now.test.change = lambda picture: (picture, picture.sum())
    assert found(before, now) == ["those of test"]


def test_the_random_numbers_of_a_training_stay_as_they_were():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    identity(make_data("files"))
    assert torch.equal(torch.rand(2), expected)


def test_what_a_checkpoint_keeps_of_the_data_is_small_and_plain():
    """A checkpoint is read with weights_only=True."""
    kept = identity(make_data("files"))
    assert len(repr(kept)) < 2000
    for part in ("train", "val", "test"):
        for value in kept[part].values():
            assert isinstance(value, str | int | list)


def test_labels_without_tensors_are_compared():
    """torchvision's datasets have a list of targets."""
    before = make_data("files")
    before.train.targets = make_labels()[TRAIN].tolist()
    before.fingerprint = "mine"
    now = copy.copy(before)
    now.train = copy.copy(before.train)
    now.train.targets = [*before.train.targets[:-1], 2 - before.train.targets[-1]]
    assert before.train.targets != now.train.targets
    assert found(before, now) == ["those of train"]
