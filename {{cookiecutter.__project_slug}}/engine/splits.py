"""Who trains, who validates, who tests; and the numbers of the classes."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from engine.settings import UserError

PARTS = ("train", "val", "test")
SHARES = (0.6, 0.2, 0.2)  # of the examples, in these parts
DEALT = (0, 0, 0, 1, 2)  # of five alike, three train, one validates, one tests
Members = tuple[int, ...]  # the classes of a group's examples, in ascending order
MOST_BINS = 10  # numbers to predict are balanced as so many classes: the smallest tenth, the next


class Split(NamedTuple):
    """The indices of the examples of each part, in ascending order."""

    train: Tensor  # (N_train,)
    val: Tensor  # (N_val,)
    test: Tensor  # (N_test,)


def split_indices(labels: Tensor, groups: Tensor | None = None) -> Split:
    """Return which examples train, validate and test: 60, 20 and 20 % of every class.

    The split is the same in each run, whatever its seed. With numbers as labels, small and large
    ones are in each part. With groups, the sizes and the classes are as near to this as the
    groups allow: scikit-learn.org/stable/modules/cross_validation.html, "Group k-fold".

    Args:
        labels: (N,), of all examples.
        groups: (N,) int64: examples with the same number stay together in one part.

    Raises:
        UserError: There are fewer than 5 examples, or fewer than 3 groups.
    """
    if len(labels) < 5:
        raise UserError(f"{len(labels)} examples: training, validation and test need 5 or more")
    if groups is not None and len(groups.unique()) < len(groups):
        return split_of(part_of_groups(labels, groups))
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    order = order[labels[order].argsort(stable=True)]  # class after class, or number after number
    position = order.argsort() % 5  # where each example stands in this order, counted by five
    return split_of(torch.tensor(DEALT)[position])


def split_of(part: Tensor) -> Split:
    """Return the indices of each part.

    Args:
        part: (N,) int64: 0 trains, 1 validates, 2 tests, -1 does nothing.
    """
    return Split(*(torch.nonzero(part == number).flatten() for number in range(len(PARTS))))


def group_identical(keys: Iterable[Hashable]) -> Tensor:
    """Return the groups (N,) int64 of examples: the same number where the keys are equal.

    Args:
        keys: What an example is known by, such as a text or the bytes of a picture.
    """
    numbers: dict[Hashable, int] = {}
    return torch.tensor([numbers.setdefault(key, len(numbers)) for key in keys], dtype=torch.long)


def part_of_groups(labels: Tensor, groups: Tensor) -> Tensor:
    """Return the part of each example (N,), the same one for a whole group.

    Large groups are given away first, each to the part that lacks such examples most; small ones
    then fill what is missing. Many that are alike, with as many examples of each class, are given
    away several at a time: a tenth of those that are left.
    """
    classes = labels.long()
    if labels.is_floating_point():
        # Each bin has the examples of five groups or more, of which three can train.
        bins = max(1, min(MOST_BINS, len(groups.unique()) // 5))
        classes = labels.argsort().argsort() * bins // len(labels)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0)).tolist()
    group_of = groups.tolist()
    class_of = classes.tolist()
    classes_in: dict[int, list[int]] = defaultdict(list)  # of each group, in random order
    for example in order:
        classes_in[group_of[example]].append(class_of[example])
    waiting = len(classes_in)  # so many groups have no part yet
    if waiting < len(PARTS):
        raise UserError(
            f"{waiting} groups of examples that have to stay together: "
            "training, validation and test need 3 or more"
        )
    found: dict[Members, list[int]] = defaultdict(list)
    for group, members in classes_in.items():
        found[tuple(sorted(members))].append(group)
    alike = dict(sorted(found.items(), key=lambda item: -len(item[0])))  # large ones first

    needs = Needs(Counter(class_of))
    part_of: dict[int, int] = {}
    for members in first_of_each_class(alike, waiting - 2):  # one validates, another one tests
        part_of[alike[members].pop()] = 0
        needs.give(members, 1, 0)
        waiting -= 1
    for members, left in alike.items():
        while left:
            portion = max(1, len(left) // 10)
            empty = needs.empty_parts()
            # The last groups are for parts that would be empty else.
            choices = empty if waiting <= len(empty) else range(len(PARTS))
            part = min(choices, key=lambda part: needs.cost(members, portion, part))
            needs.give(members, portion, part)
            for _ in range(portion):
                part_of[left.pop()] = part
            waiting -= portion
    return torch.tensor([part_of[group] for group in group_of])


def first_of_each_class(alike: dict[Members, list[int]], most: int) -> list[Members]:
    """Return which groups must train, so that each class has training examples.

    Args:
        alike: The groups, by what they consist of; large ones first.
        most: So many groups may be chosen.
    """
    uses: Counter[int] = Counter()  # how many groups have examples of a class
    largest: dict[int, Members] = {}  # the largest group that has
    for members, same in alike.items():
        for key in set(members):
            uses[key] += len(same)
            largest.setdefault(key, members)
    chosen: list[Members] = []
    trained: set[int] = set()
    for key in sorted(uses, key=lambda key: uses[key]):  # a class in few groups has no choice
        if key not in trained and len(chosen) < most:
            chosen.append(largest[key])
            trained.update(largest[key])
    return chosen


class Needs:
    """How many examples of each class each part of a split still needs.

    Args:
        counts: How many examples of each class there are.
    """

    def __init__(self, counts: Counter[int]) -> None:
        self.counts = counts
        self.lacks = [{key: share * counts[key] for key in counts} for share in SHARES]
        self.sizes = [0] * len(PARTS)

    def give(self, members: Members, times: int, part: int) -> None:
        """Count groups of these examples as those of a part."""
        for key, count in Counter(members).items():
            self.lacks[part][key] -= count * times
        self.sizes[part] += len(members) * times

    def cost(self, members: Members, times: int, part: int) -> float:
        """Return how much further a part is from what it should have, with these groups in it.

        These are squares of what is lacking or too much: of every class in the end, and, to decide
        between parts that lack as much of it, of all examples so far.
        """
        added = len(members) * times
        given = sum(self.sizes) + added
        lack = SHARES[part] * given - self.sizes[part]
        cost = 0.01 * added * (added - 2 * lack) / self.counts.total()
        for key, count in Counter(members).items():
            added = count * times
            cost += added * (added - 2 * self.lacks[part][key]) / self.counts[key]
        return cost

    def empty_parts(self) -> list[int]:
        """Return the parts that have no example."""
        return [part for part, size in enumerate(self.sizes) if size == 0]


def split_by_time(times: Tensor) -> Split:
    """Return a split in which the latest 20 % test, the 20 % before validate, earlier ones train.

    Examples of one time are in one part. Those without a time are in none.

    Args:
        times: (N,) float64, in any unit; NaN where it is not known.

    Raises:
        UserError: There are fewer than 3 different times.
    """
    known = times[~times.isnan()]
    moments, counts = known.unique(return_counts=True)  # in ascending order
    if len(moments) < len(PARTS):
        raise UserError(
            f"{len(moments)} different times: training, validation and test need 3 or more"
        )
    earlier = (counts.cumsum(0) - counts) / len(known)  # the share of the examples before each
    # Moment number 1 is the first that may validate, moment number 2 the first that may test.
    test_start = 2 + int((earlier[2:] - 0.8).abs().argmin())
    val_start = 1 + int((earlier[1:test_start] - 0.6).abs().argmin())
    part = torch.full_like(times, -1, dtype=torch.long)
    part[~times.isnan()] = 0
    part[times >= moments[val_start]] = 1
    part[times >= moments[test_start]] = 2
    return split_of(part)


def check_split(split: Split, labels: Tensor, classes: Sequence[str], where: str) -> list[str]:
    """Return a line for each part that lacks classes; refuse a split that cannot teach a class.

    Args:
        split: Which examples are in which part.
        labels: (N,) int64 class numbers.
        classes: Their names; none where numbers are learned, then there is nothing to check.
        where: What decided on the split, for messages: such as "--split-by patient".

    Raises:
        UserError: A class has no training example.
    """
    lines = []
    for name, indices in zip(PARTS, split, strict=True):
        counts = labels[indices].bincount(minlength=len(classes)) if classes else torch.ones(1)
        missing = [classes[number] for number in torch.nonzero(counts == 0).flatten().tolist()]
        if not missing:
            continue
        shown = ", ".join(repr(word) for word in missing[:5])
        if len(missing) > 5:
            shown += f" and {len(missing) - 5} more"
        if name == "train":
            raise UserError(
                f"{where}: no training example is left for the class {shown}: "
                "add examples of it, leave it out, or split in another way"
            )
        lines.append(f"{name} has no example of {shown} ({where})")
    return lines


class NumberedClasses(NamedTuple):
    """Class names as numbers."""

    labels: Tensor  # (N,) int64
    classes: list[str]  # the names, in order: label 0 is the first


def number_classes(names: list[str], where: str | Path | None) -> NumberedClasses:
    """Return the class of every example as a number, and what the numbers stand for.

    Args:
        names: The class of every example.
        where: Where they come from, for messages.

    Raises:
        UserError: There is one class only, or a class has fewer than 3 examples.
    """
    counts = Counter(names)
    if len(counts) < 2:
        only = ", ".join(counts)
        raise UserError(f"{where} has one class only, {only}: 2 or more are needed")
    rarest = min(counts, key=lambda name: counts[name])
    if counts[rarest] < 3:  # one part of the split would have none
        few = f"class {rarest!r} in {where} has {counts[rarest]} examples"
        raise UserError(f"{few}: it needs 3 or more, so add some or leave it out")
    classes = sorted(counts)
    numbers = {name: number for number, name in enumerate(classes)}
    return NumberedClasses(torch.tensor([numbers[name] for name in names]), classes)


def fingerprint(*data: object) -> str:
    """Return a short text that is another one when the data are others."""
    content = repr(data).encode(errors="replace")
    return hashlib.blake2b(content, digest_size=8).hexdigest()
