"""Who trains, validates and tests; and the numbers of the classes."""

import pytest
import torch

from engine.settings import UserError
from engine.splits import fingerprint, number_classes, split_indices


def test_splits_share_no_example_and_have_the_same_share_of_each_class():
    labels = torch.tensor([0] * 50 + [1] * 100 + [2] * 10)
    train, val, test = split_indices(labels)
    assert sorted([*train.tolist(), *val.tolist(), *test.tolist()]) == list(range(160))
    assert labels[train].bincount().tolist() == [30, 60, 6]
    assert labels[val].bincount().tolist() == labels[test].bincount().tolist() == [10, 20, 2]


def test_a_split_of_numbers_has_small_and_large_ones_in_each_part():
    numbers = torch.rand(500, generator=torch.Generator().manual_seed(0)) * 100
    for part in split_indices(numbers):
        assert abs(numbers[part].mean() - numbers.mean()) < 1
        assert part.tolist() == sorted(part.tolist())


def test_each_class_is_trained_however_small_it_is():
    for size in range(3, 8):
        labels = torch.tensor([0] * 50 + [1] * size + [2] * size)
        assert labels[split_indices(labels).train].unique().tolist() == [0, 1, 2]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_examples_for_three_parts_are_refused(count):
    with pytest.raises(UserError, match=f"{count} examples: .* need 5 or more"):
        split_indices(torch.arange(count))


def test_classes_are_numbered_in_the_order_of_their_names():
    labels, classes = number_classes(["한글", "b", "a", "b", "a", "한글"] * 2, "a file")
    assert classes == ["a", "b", "한글"]
    assert labels.tolist() == [2, 1, 0, 1, 0, 2] * 2


def test_one_class_is_too_few():
    with pytest.raises(UserError, match="pictures has one class only, cat: 2 or more"):
        number_classes(["cat"] * 9, "pictures")


@pytest.mark.parametrize("count", [1, 2])
def test_a_class_with_too_few_examples_is_named(count):
    with pytest.raises(UserError, match=f"class 'dog' in pictures has {count} examples"):
        number_classes(["cat"] * 9 + ["dog"] * count, "pictures")


def test_other_data_have_another_fingerprint():
    assert fingerprint({"a": 1}, [2]) == fingerprint({"a": 1}, [2])
    assert fingerprint({"a": 1}, [2]) != fingerprint({"a": 1}, [3])
    assert fingerprint("\ud800")  # half a letter is no error
