"""Which examples, in which order, with which random numbers."""

import torch

from config import Config
from data import load_splits
from sampler import BatchSampler, make_loader, seed_for, seed_step, split_indices


def order(sampler, epoch=0):
    sampler.epoch = epoch
    return torch.cat(list(sampler)).tolist()


def test_an_epoch_has_every_example_once():
    assert sorted(order(BatchSampler(103, 10, seed=1, limit=0))) == list(range(103))


def test_batches_are_of_equal_size_give_or_take_one():
    sizes = {len(batch) for batch in BatchSampler(103, 10, seed=1, limit=0)}
    assert sizes == {9, 10}


def test_the_order_changes_with_the_epoch_and_the_seed_alone():
    sampler = BatchSampler(103, 10, seed=1, limit=0)
    first = order(sampler, epoch=0)
    assert first != order(sampler, epoch=1)
    assert first != order(BatchSampler(103, 10, seed=2, limit=0))
    assert first == order(sampler, epoch=0)


def test_only_training_is_shuffled():
    splits, config = load_splits(Config()), Config()
    in_order = torch.arange(len(splits["val"])).tolist()
    assert order(make_loader(splits["val"], config, 10).sampler) == in_order
    assert order(make_loader(splits["val"], config, 10, seed=0).sampler) != in_order


def test_a_resumed_epoch_goes_on_with_the_next_batch():
    whole = list(BatchSampler(103, 10, seed=1, limit=0))
    rest = BatchSampler(103, 10, seed=1, limit=0)
    rest.start = 4
    assert len(rest) == len(whole) - 4
    assert [batch.tolist() for batch in rest] == [batch.tolist() for batch in whole[4:]]


def test_a_rehearsal_stops_after_so_many_batches():
    assert len(list(BatchSampler(103, 10, seed=1, limit=3))) == 3
    assert len(list(BatchSampler(20, 10, seed=1, limit=3))) == 2


def test_workers_load_the_same_batches():
    train = load_splits(Config())["train"]
    alone = make_loader(train, Config(limit_batches=3), 16, seed=0)
    helped = make_loader(train, Config(limit_batches=3, num_workers=1), 16, seed=0)
    for one, other in zip(alone, helped, strict=True):
        assert all(torch.equal(*pair) for pair in zip(one, other, strict=True))


def test_splits_share_no_example_and_have_the_same_share_of_each_class():
    labels = torch.tensor([0] * 50 + [1] * 100 + [2] * 10)
    train, val, test = split_indices(labels)
    assert sorted([*train.tolist(), *val.tolist(), *test.tolist()]) == list(range(160))
    assert labels[train].bincount().tolist() == [30, 60, 6]
    assert labels[val].bincount().tolist() == labels[test].bincount().tolist() == [10, 20, 2]


def test_random_numbers_depend_on_the_place_alone():
    cpu = torch.device("cpu")
    seed_step(cpu, seed_for(0, "step", 1, 2))
    first = torch.rand(3)
    torch.rand(7)
    seed_step(cpu, seed_for(0, "step", 1, 2))
    assert torch.equal(first, torch.rand(3))
    seed_step(cpu, seed_for(0, "step", 1, 3))
    assert not torch.equal(first, torch.rand(3))


def test_a_seed_is_the_same_on_every_machine():
    assert seed_for(0, "order", 3) == 8244215730568551301
