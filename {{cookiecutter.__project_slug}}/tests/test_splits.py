"""Who trains, validates and tests; what is said of the examples; how good answers are."""

import pytest
import torch
from torch.utils.data import TensorDataset

from commands.settings import UserError
from loading.splits import describe, measure, number_classes, split_indices


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
        assert labels[split_indices(labels)[0]].unique().tolist() == [0, 1, 2]


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


def test_right_answers_are_counted():
    labels = torch.tensor([0, 1, 1, 2])
    assert measure(torch.tensor([0, 1, 0, 2]), labels) == {"accuracy": 0.75}


def test_errors_of_numbers_are_measured():
    labels = torch.tensor([1.0, 2.0, 3.0, 6.0])
    scores = measure(torch.tensor([1.0, 2.0, 3.0, 2.0]), labels)
    assert scores == pytest.approx({"mae": 1.0, "rmse": 2.0, "r2": 1 - 16 / 14})
    assert measure(labels.mean().expand(4), labels)["r2"] == pytest.approx(0)


def splits(labels, classes, notes=()):
    parts = {name: TensorDataset(labels) for name in ("train", "val", "test")}
    return parts | {"classes": classes, "notes": list(notes)}


def test_the_user_sees_counts_classes_and_the_score_to_beat(capsys):
    describe(splits(torch.tensor([0, 0, 0, 1]), ["cat", "dog"], ["a note"]))
    assert capsys.readouterr().out.splitlines() == [
        "a note",
        "examples: 4 train, 4 val, 4 test",
        "classes: cat 9, dog 3",
        "warning: a test of 4 examples says little",
        "to beat: always answering 'cat' has a test accuracy of 0.7500",
    ]


def test_rare_classes_are_warned_of(capsys):
    describe(splits(torch.tensor([0] * 40 + [1]), ["cat", "dog"]))
    assert "warning: " in capsys.readouterr().out


def test_of_many_classes_the_largest_are_shown(capsys):
    describe(splits(torch.arange(100).repeat(3), [f"c{i}" for i in range(100)]))
    line = capsys.readouterr().out.splitlines()[1]
    assert line.count("c") < 40
    assert line.endswith("and 70 more")


def test_of_numbers_the_error_of_the_mean_is_said(capsys):
    describe(splits(torch.tensor([1.0, 3.0]), []))
    assert capsys.readouterr().out.splitlines()[2:] == [
        "to beat: always answering 2.0000 has a test mae of 1.0000, rmse of 1.0000, r2 of 0.0000"
    ]
