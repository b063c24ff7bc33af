"""Who trains, validates and tests; and the numbers of the classes."""

import pytest
import torch

from engine.settings import UserError
from engine.splits import (
    check_split,
    fingerprint,
    group_identical,
    number_classes,
    split_by_time,
    split_indices,
)


def shares(split):
    """Return the share of the examples in each part."""
    sizes = [len(part) for part in split]
    return [round(size / sum(sizes), 2) for size in sizes]


def parts_of(split, groups):
    """Return the parts that each group is in."""
    found = {}
    for name, part in zip(split._fields, split, strict=True):
        for group in groups[part].tolist():
            found.setdefault(group, set()).add(name)
    return found


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


def test_groups_of_one_example_are_split_as_if_there_were_none():
    labels = torch.arange(200) % 3
    with_groups = split_indices(labels, torch.randperm(200))
    for part, same in zip(split_indices(labels), with_groups, strict=True):
        assert part.tolist() == same.tolist()


@pytest.mark.parametrize("size", [2, 7, 40])
def test_a_group_stays_in_one_part_and_sizes_and_classes_are_near_60_20_20(size):
    generator = torch.Generator().manual_seed(size)
    groups = torch.randint(2000 // size, (2000,), generator=generator)
    labels = torch.randint(3, (2000,), generator=generator) * 2 // 3  # two in three are class 0
    split = split_indices(labels, groups)
    assert sorted(torch.cat(split).tolist()) == list(range(2000))
    assert all(len(parts) == 1 for parts in parts_of(split, groups).values())
    for part, share in zip(split, [0.6, 0.2, 0.2], strict=True):
        assert len(part) / 2000 == pytest.approx(share, abs=0.02)
        assert abs(labels[part].float().mean() - labels.float().mean()) < 0.03


def test_patients_of_one_diagnosis_each_are_in_each_part_by_diagnosis():
    groups = torch.arange(60).repeat_interleave(10)  # 60 patients, 10 examples of each
    labels = (groups >= 40).long()  # 40 of them have class 0, 20 have class 1
    split = split_indices(labels, groups)
    assert shares(split) == [0.6, 0.2, 0.2]
    assert [labels[part].bincount().tolist() for part in split] == [
        [240, 120],
        [80, 40],
        [80, 40],
    ]


def test_groups_of_numbers_have_small_and_large_ones_in_each_part():
    generator = torch.Generator().manual_seed(0)
    groups = torch.randint(100, (1000,), generator=generator)
    numbers = groups + torch.rand(1000, generator=generator)  # a group has numbers of its own
    for part in split_indices(numbers, groups):
        assert abs(numbers[part].mean() - numbers.mean()) < 5


def test_a_few_groups_of_numbers_are_near_60_20_20():
    groups = torch.arange(120) // 6
    assert shares(split_indices(groups.float(), groups)) == [0.6, 0.2, 0.2]


@pytest.mark.parametrize("labels", [[0, 1, 0, 1, 0, 1], [0.5, 1.0, 2.0, 3.0, 4.0, 5.0]])
def test_three_groups_are_one_for_each_part_and_the_largest_trains(labels):
    groups = torch.tensor([5, 9, 9, 9, 7, 7])
    split = split_indices(torch.tensor(labels), groups)
    assert split.train.tolist() == [1, 2, 3]
    assert sorted(split.val.tolist() + split.test.tolist()) == [0, 4, 5]
    assert len(split.val) > 0
    assert len(split.test) > 0


def test_a_class_that_is_in_one_group_alone_is_trained():
    groups = torch.arange(100) // 10
    labels = torch.zeros(100, dtype=torch.long)
    labels[33] = 1  # one example of a class, in one group of ten
    labels[95:] = 2
    assert labels[split_indices(labels, groups).train].unique().tolist() == [0, 1, 2]


def test_one_group_with_most_of_the_examples_leaves_something_to_test():
    groups = torch.tensor([0] * 90 + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    split = split_indices(torch.arange(100) % 2, groups)
    assert set(range(90)) <= set(split.train.tolist())
    assert len(split.val) == len(split.test) == 5


@pytest.mark.parametrize("groups", [[1] * 9, [1, 2] * 5])
def test_fewer_than_three_groups_are_refused(groups):
    with pytest.raises(UserError, match=f"{len(set(groups))} groups .* need 3 or more"):
        split_indices(torch.zeros(len(groups)), torch.tensor(groups))


def test_the_split_of_groups_does_not_depend_on_how_they_are_numbered_or_on_the_seed():
    groups = torch.arange(300) // 3
    labels = torch.arange(300) % 4
    first = split_indices(labels, groups)
    torch.manual_seed(7)
    second = split_indices(labels, groups * 11 - 5)
    assert [part.tolist() for part in first] == [part.tolist() for part in second]


def test_equal_keys_are_one_group():
    assert group_identical(["a", "b", "a", "c", "b"]).tolist() == [0, 1, 0, 2, 1]
    assert group_identical([(1, "x"), (1, "y"), (1, "x")]).tolist() == [0, 1, 0]
    assert group_identical([]).tolist() == []


def test_the_latest_fifth_tests_and_the_fifth_before_validates():
    times = torch.randperm(50, generator=torch.Generator().manual_seed(0)).double()
    split = split_by_time(times)
    assert sorted(times[split.train].tolist()) == list(range(30))
    assert sorted(times[split.val].tolist()) == list(range(30, 40))
    assert sorted(times[split.test].tolist()) == list(range(40, 50))


def test_examples_of_one_time_are_on_one_side():
    times = torch.tensor([1.0] * 5 + [2.0] * 4 + [3.0] * 2 + [4.0] * 9, dtype=torch.float64)
    split = split_by_time(times)
    assert times[split.train].unique().tolist() == [1, 2]  # 9 of 20
    assert times[split.val].unique().tolist() == [3]
    assert times[split.test].unique().tolist() == [4]


def test_no_part_is_empty_where_most_examples_are_of_the_first_or_the_last_time():
    for times in ([1.0] * 98 + [2.0, 3.0], [1.0, 2.0] + [3.0] * 98):
        assert all(len(part) for part in split_by_time(torch.tensor(times).double()))


def test_examples_without_a_time_are_in_no_part():
    times = torch.tensor([float("nan"), *range(10), float("nan")], dtype=torch.float64)
    split = split_by_time(times)
    assert split.train.tolist() == [1, 2, 3, 4, 5, 6]
    assert split.val.tolist() == [7, 8]
    assert split.test.tolist() == [9, 10]


@pytest.mark.parametrize("times", [[], [1.0, 2.0, 2.0, float("nan")]])
def test_fewer_than_three_times_are_refused(times):
    with pytest.raises(UserError, match=r"different times: .* need 3 or more"):
        split_by_time(torch.tensor(times, dtype=torch.float64))


def test_a_class_without_a_training_example_is_refused_and_one_without_a_test_example_is_said():
    labels = torch.tensor([0, 1, 0, 0, 1, 2, 0, 2])
    early = split_by_time(torch.arange(8).double())  # 0 to 4 train
    with pytest.raises(UserError, match=r"--split-time day: no training example .* class 'c'"):
        check_split(early, labels, ["a", "b", "c"], "--split-time day")
    late = split_by_time(-torch.arange(8).double())  # 3 to 7 train
    lines = check_split(late, labels, ["a", "b", "c"], "--split-time day")
    assert lines == [
        "val has no example of 'b', 'c' (--split-time day)",
        "test has no example of 'c' (--split-time day)",
    ]
    assert check_split(late, labels.float(), [], "--split-time day") == []


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
