"""Which examples, in which order, with which random numbers."""

from typing import NamedTuple

import pytest
import torch
import toy
from torch.utils.data import Dataset

from engine.dataset import (
    MOST_PLACES,
    BatchSampler,
    InMemory,
    Windows,
    seed_for,
    seed_random_numbers,
)
from engine.loader import make_loader

CONFIG = toy.Config()


def batches(sampler):
    return [request.indices for request in sampler]


def order(sampler, epoch=0):
    sampler.go_to(epoch, 0)
    return torch.cat(batches(sampler)).tolist()


def equal(one, other):
    """Return whether two batches (inputs, labels) are equal."""
    return torch.equal(one[0], other[0]) and torch.equal(one[1], other[1])


def test_an_epoch_has_every_example_once():
    assert sorted(order(BatchSampler(range(103), 10, seed=1, limit=0))) == list(range(103))


def test_batches_are_of_equal_size_give_or_take_one():
    sampler = BatchSampler(range(103), 10, seed=1, limit=0)
    assert {len(batch) for batch in batches(sampler)} == {9, 10}


class Photos(Dataset):
    """A Dataset of one's own, which reads 200 pictures one by one."""

    def __init__(self, pictures):
        self.pictures = pictures

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, index):
        return {"photo": self.pictures[index] / 255, "year": 2026}, 0


def at_once(size, *arguments, own=False, **options):
    """Return the most pictures of this size that a loader takes at once, of 200."""
    pictures = torch.zeros(1, dtype=torch.uint8).expand(200, 3, size, size)  # takes no memory
    dataset = Photos(pictures) if own else InMemory(pictures, torch.zeros(200))
    loader = make_loader(dataset, *arguments, **options)
    return max(len(request.indices) for request in loader.sampler)


@pytest.mark.parametrize(
    ("size", "on_cpu", "elsewhere"), [(8, 200, 200), (64, 10, 200), (224, 8, 100), (3000, 1, 1)]
)
@pytest.mark.parametrize("own", [False, True], ids=["in memory", "a Dataset of one's own"])
def test_evaluation_takes_fewer_large_pictures_at_once(size, on_cpu, elsewhere, own):
    assert at_once(size, 1024, CONFIG, own=own) == on_cpu
    assert at_once(size, 1024, CONFIG, torch.device("meta"), own=own) == elsewhere
    assert at_once(size, 150, CONFIG, own=own, seed=0) == 100  # in training --batch-size counts


def test_each_process_has_a_share_of_each_batch_of_large_pictures(monkeypatch):
    for module in ("engine.loader", "engine.dataset"):
        monkeypatch.setattr(f"{module}.WORLD_SIZE", 150)
    assert at_once(3000, 1024, CONFIG) == 2  # of one batch of 200


def test_the_order_changes_with_the_epoch_and_the_seed_alone():
    sampler = BatchSampler(range(103), 10, seed=1, limit=0)
    first = order(sampler, epoch=0)
    assert first != order(sampler, epoch=1)
    assert first != order(BatchSampler(range(103), 10, seed=2, limit=0))
    assert first == order(sampler, epoch=0)


@pytest.mark.parametrize("size", [64, 256, MOST_PLACES + 1])
def test_evaluation_takes_no_more_windows_at_once_than_their_places_allow(size):
    windows = Windows(torch.arange(4 * MOST_PLACES + 8), size)
    for inputs, _ in make_loader(windows, 1024, CONFIG):
        assert len(inputs) == 1 or inputs.numel() <= MOST_PLACES
    inputs, _ = next(iter(make_loader(windows, len(windows), CONFIG, seed=0)))
    assert len(inputs) == len(windows)  # in training it is --batch-size that counts


def test_only_training_is_shuffled():
    points = toy.make_points()
    in_order = order(make_loader(points, 10, CONFIG).sampler)
    assert in_order == list(range(len(points)))
    assert in_order == order(make_loader(points, 10, CONFIG).sampler, epoch=1)
    assert in_order != order(make_loader(points, 10, CONFIG, seed=0).sampler)


def test_a_resumed_epoch_goes_on_with_the_next_batch():
    whole = batches(BatchSampler(range(103), 10, seed=1, limit=0))
    rest = BatchSampler(range(103), 10, seed=1, limit=0)
    rest.go_to(0, 4)
    assert len(rest) == len(whole) - 4
    assert all(map(torch.equal, batches(rest), whole[4:]))


def test_a_rehearsal_stops_after_so_many_batches():
    assert len(list(BatchSampler(range(103), 10, seed=1, limit=3))) == 3
    assert len(list(BatchSampler(range(20), 10, seed=1, limit=3))) == 2


@pytest.mark.parametrize("one_by_one", [False, True])
def test_workers_load_the_same_batches(one_by_one):
    train = toy.load_data(toy.Config(one_by_one=one_by_one)).train
    alone = make_loader(train, 16, toy.Config(limit_batches=3), seed=0)
    helped = make_loader(train, 16, toy.Config(limit_batches=3, num_workers=2), seed=0)
    for epoch in range(2):
        for loader in (alone, helped):
            assert isinstance(loader.sampler, BatchSampler)
            loader.sampler.go_to(epoch, 0)
        for one, other in zip(alone, helped, strict=True):
            assert equal(one, other)


class Point(NamedTuple):
    """An input of two named parts."""

    x: float
    y: float


class Named(Dataset):
    """Examples whose inputs have names for their parts."""

    def __len__(self):
        return 8

    def __getitem__(self, index):
        return Point(index, 2.0 * index), index


def test_workers_load_inputs_of_named_parts():
    [(inputs, labels)] = make_loader(Named(), 8, toy.Config(num_workers=1))
    x, y = inputs
    assert torch.equal(2 * x, y)
    assert torch.equal(labels, torch.arange(8))


def test_a_batch_of_an_in_memory_dataset_is_its_examples():
    points = toy.make_points()
    for inputs, labels in make_loader(points, 10, CONFIG):
        assert inputs.shape[1:] == (2,)
        assert len(inputs) == len(labels) <= 10
    (whole,) = make_loader(points, len(points), CONFIG)
    assert equal(whole, points.tensors)


class Lengths(list):
    """Examples that say how long they are."""

    sizes = torch.randint(1, 100, (1000,), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("seed", [None, 1])
def test_examples_of_like_size_share_a_batch(seed):
    found = batches(BatchSampler(Lengths(range(1000)), 10, seed, limit=0))
    sizes = [Lengths.sizes[batch] for batch in found]
    spread = sum((size.max() - size.min()).item() for size in sizes) / len(sizes)
    assert spread < 10  # of random batches it is 80
    assert sorted(torch.cat(found).tolist()) == list(range(1000))


def test_batches_of_like_size_come_in_any_order_and_are_others_in_each_epoch():
    sampler = BatchSampler(Lengths(range(1000)), 10, seed=1, limit=0)
    first = [Lengths.sizes[batch].double().mean().item() for batch in batches(sampler)]
    assert first != sorted(first)
    whole = {tuple(batch.tolist()) for batch in batches(sampler)}
    sampler.go_to(1, 0)
    assert not whole & {tuple(batch.tolist()) for batch in batches(sampler)}


def test_random_numbers_depend_on_the_seed_alone():
    seed_random_numbers(5)
    first = torch.rand(3)
    torch.rand(7)
    seed_random_numbers(5)
    assert torch.equal(first, torch.rand(3))
    seed_random_numbers(6)
    assert not torch.equal(first, torch.rand(3))


def test_a_seed_is_the_same_on_every_machine():
    assert seed_for(0, "order", 3) == 8244215730568551301
