"""Cases for exercises 6."""

from collections import Counter
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from lessons.cases import Case
from lessons.sample import project_data


def pad():
    yield Case(([[1, 2, 3], [4]],), torch.tensor([[1, 2, 3], [4, 0, 0]]))
    yield Case(([[7], [8, 9]],), torch.tensor([[7, 0], [8, 9]]), about="longest")
    rows = [[5], [0, -1], [6, 7, 8, 9], [3, 3, 3]]
    table = [[5, 0, 0, 0], [0, -1, 0, 0], [6, 7, 8, 9], [3, 3, 3, 0]]
    yield Case((rows,), torch.tensor(table), about="longest")
    yield Case(([[1, 2], [3, 4], [5, 6]],), torch.tensor([[1, 2], [3, 4], [5, 6]]), about="equal")
    yield Case(([[4, 2, 4]],), torch.tensor([[4, 2, 4]]), about="equal")


def brighter():
    pixels = torch.tensor([0, 100, 250], dtype=torch.uint8)
    for by in (10, 200, 0, 255):
        values = [min(255, value + by) for value in pixels.tolist()]
        yield Case((pixels.clone(), by), torch.tensor(values, dtype=torch.uint8), about="limit")
    picture = torch.randint(256, (3, 4, 5), dtype=torch.uint8)
    for by in (1, 77):
        expected = (picture.long() + by).clamp(max=255).to(torch.uint8)
        yield Case((picture.clone(), by), expected, about="picture")


def batches_per_epoch():
    yield Case((TensorDataset(torch.arange(10)), 4), 3, about="last")
    yield Case((TensorDataset(torch.arange(9)), 4), 3, about="last")
    yield Case((TensorDataset(torch.arange(7)), 1), 7, about="even")
    yield Case((TensorDataset(torch.arange(8)), 4), 2, about="even")
    yield Case((TensorDataset(torch.arange(6)), 6), 1, about="even")
    yield Case((TensorDataset(torch.arange(3)), 5), 1, about="few")
    train = project_data().train
    yield Case((train, 64), len(DataLoader(train, batch_size=64)), about="project")


class Labelled(Dataset):
    """A dataset that holds no tensors: it makes its labels when it is asked."""

    def __init__(self, labels):
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return f"example {index}", torch.tensor(self.labels[index])


def class_counts():
    few = TensorDataset(torch.zeros(4, 2), torch.tensor([1, 0, 1, 1]))
    yield Case((few, 3), torch.tensor([1, 3, 0]), about="none")
    yield Case((Labelled([4, 2, 2, 4, 4]), 6), torch.tensor([0, 0, 2, 0, 3, 0]), about="none")
    labels = torch.randint(5, (40,)).tolist()
    counts = torch.tensor([labels.count(number) for number in range(5)])
    yield Case((Labelled(labels), 5), counts, about="labels")
    yield Case((Labelled([1] * 300), 2), torch.tensor([0, 300]), about="large")
    classes = len(project_data().info.classes)
    if classes > 0:  # the project may have been made to learn numbers
        val: Any = project_data().val
        some = Subset(val, range(min(100, len(val))))  # to read all could take long
        counter = Counter(int(some[index][1]) for index in range(len(some)))
        counts = torch.tensor([counter[number] for number in range(classes)])
        yield Case((some, classes), counts, about="project")


def Windows():
    def number_of_examples(answer):
        return len(answer(series, length))

    def all_examples(answer):
        dataset = answer(series, length)
        return [list(dataset[index]) for index in range(len(dataset))]

    def shuffled_batches(answer):
        batches = list(DataLoader(answer(series, length), batch_size=3, shuffle=True))
        inputs = torch.cat([inputs for inputs, _ in batches])
        following = torch.cat([following for _, following in batches])
        return sorted(torch.cat([inputs, following[:, None]], dim=1).tolist())

    def two_datasets(answer):
        first = answer(torch.arange(10), 2)
        second = answer(torch.arange(100, 106), 4)
        return [len(first), list(first[0]), len(second), list(second[1])]

    for numbers, length in ((5, 3), (9, 2), (4, 1), (6, 5)):
        series = torch.randn(numbers)
        pairs = [[series[i : i + length], series[i + length]] for i in range(numbers - length)]
        yield Case((), numbers - length, run=number_of_examples, about="count")
        yield Case((), pairs, run=all_examples, about="examples")
    series, length = torch.randperm(20), 4  # whole numbers, as those of characters
    rows = sorted(series[place : place + 5].tolist() for place in range(16))
    yield Case((), rows, run=shuffled_batches, about="batches")
    expected = [8, [torch.tensor([0, 1]), torch.tensor(2)]]
    expected += [2, [torch.tensor([101, 102, 103, 104]), torch.tensor(105)]]
    yield Case((), expected, run=two_datasets, about="own")


def erase_square():
    def where_it_is_0(result):
        return [channel.eq(0).nonzero().tolist() for channel in result]

    whole = [[row, column] for row in range(3) for column in range(3)]
    yield Case((torch.rand(2, 3, 3) + 1, 3), [whole, whole], view=where_it_is_0, about="whole")

    def places_of_the_square(answer):
        """Return all places at which a square was: its first row and column, its size."""
        places = set()
        for _ in range(400):
            picture = torch.rand(shape) + 1
            erased = answer(picture, size)
            gone = erased.ne(picture).any(dim=0)
            rows, columns = gone.any(dim=1).nonzero(), gone.any(dim=0).nonzero()
            square = torch.zeros_like(gone)
            if len(rows) > 0:
                top, left = int(rows[0]), int(columns[0])
                tall, wide = int(rows[-1]) - top + 1, int(columns[-1]) - left + 1
                square[top : top + tall, left : left + wide] = True
                is_0 = erased[:, square].eq(0).all() and gone.equal(square)
                places.add((top, left, tall, wide if is_0 else 0))
            else:
                places.add((0, 0, 0, 0))
        return sorted(places)

    for shape, size in (((1, 4, 6), 2), ((3, 5, 4), 3), ((2, 3, 3), 1)):
        _, height, width = shape
        expected = [
            (top, left, size, size)
            for top in range(height - size + 1)
            for left in range(width - size + 1)
        ]
        yield Case((), expected, run=places_of_the_square, about="places")

    def type_of(result):
        return result.dtype

    pixels = torch.full((1, 4, 4), 7, dtype=torch.uint8)
    yield Case((pixels, 2), torch.uint8, view=type_of, about="type")


class Person(str):
    """A name with another place in a set, as it has when Python is started once more."""

    salt = 0

    def __hash__(self):
        return hash((str.__str__(self), Person.salt))

    def __eq__(self, other):
        return str.__eq__(self, other)


def split_by_person():
    names = ["Ann", "Bo", "Cy", "Di", "Eva", "Finn", "Gus", "Hal", "Ida", "Jo", "Kim", "Lea"]
    # Each is on one picture at least, in no order; some are on many.
    places = torch.cat([torch.arange(12), torch.randint(12, (28,))])[torch.randperm(40)]
    persons = [names[place] for place in places.tolist()]

    def persons_on_both_sides(split):
        train, val = split
        both = {persons[number] for number in train} & {persons[number] for number in val}
        return sorted(both)

    def all_pictures(split):
        train, val = split
        return sorted([*train, *val])

    def persons_for_validation(split):
        _, val = split
        return len({persons[number] for number in val})

    def are_ascending(split):
        train, val = split
        return list(train) == sorted(train) and list(val) == sorted(val)

    for val_persons, seed in ((4, 0), (1, 7), (11, 3)):
        arguments = (persons, val_persons, seed)
        yield Case(arguments, [], view=persons_on_both_sides, about="leak")
        yield Case(arguments, list(range(40)), view=all_pictures, about="all")
        yield Case(arguments, val_persons, view=persons_for_validation, about="count")
        yield Case(arguments, True, view=are_ascending, about="order")

    def same_seed_same_split(answer):
        first = answer(persons, 5, 1)
        answer(persons, 5, 2)
        torch.rand(3)
        again = answer(persons, 5, 1)
        return [list(side) for side in first] == [list(side) for side in again]

    def same_split_when_started_again(answer):
        splits = set()
        for Person.salt in range(5):
            try:
                split = answer([Person(name) for name in persons], 5, 1)
            except KeyError:  # it keeps plain texts in a dict, and a Person has another hash
                continue
            splits.add(str([[int(number) for number in side] for side in split]))
        return len(splits) <= 1

    def different_splits_of_8_seeds(answer):
        splits = {str([list(side) for side in answer(persons, 5, seed)]) for seed in range(8)}
        return len(splits) > 4

    def who_is_drawn_by_60_seeds(answer):
        drawn = set()
        for seed in range(60):
            _, val = answer(persons, 3, seed)
            drawn |= {persons[number] for number in val}
        return sorted(drawn)

    def many_groups_of_60_seeds(answer):
        groups = {tuple(answer(persons, 3, seed)[1]) for seed in range(60)}
        return len(groups) > 30

    yield Case((), True, run=same_seed_same_split, about="seed")
    yield Case((), True, run=same_split_when_started_again, about="started")
    yield Case((), True, run=different_splits_of_8_seeds, about="seeds")
    yield Case((), names, run=who_is_drawn_by_60_seeds, about="random")
    yield Case((), True, run=many_groups_of_60_seeds, about="groups")
