"""Which examples, in which order, with which random numbers."""

import pytest
import torch

from config import Config
from data import load_splits
from loading.sampler import BatchSampler, make_loader, seed_for, seed_step


def order(sampler, epoch=0):
    sampler.epoch = epoch
    return torch.cat(list(sampler)).tolist()


def test_an_epoch_has_every_example_once():
    assert sorted(order(BatchSampler(range(103), 10, seed=1, limit=0))) == list(range(103))


def test_batches_are_of_equal_size_give_or_take_one():
    sizes = {len(batch) for batch in BatchSampler(range(103), 10, seed=1, limit=0)}
    assert sizes == {9, 10}


def test_the_order_changes_with_the_epoch_and_the_seed_alone():
    sampler = BatchSampler(range(103), 10, seed=1, limit=0)
    first = order(sampler, epoch=0)
    assert first != order(sampler, epoch=1)
    assert first != order(BatchSampler(range(103), 10, seed=2, limit=0))
    assert first == order(sampler, epoch=0)


def test_only_training_is_shuffled():
    splits, config = load_splits(Config()), Config()
    in_order = order(make_loader(splits["val"], config, 10).sampler)
    assert in_order == order(make_loader(splits["val"], config, 10).sampler, epoch=1)
    assert in_order != order(make_loader(splits["val"], config, 10, seed=0).sampler)


def test_a_resumed_epoch_goes_on_with_the_next_batch():
    whole = list(BatchSampler(range(103), 10, seed=1, limit=0))
    rest = BatchSampler(range(103), 10, seed=1, limit=0)
    rest.start = 4
    assert len(rest) == len(whole) - 4
    assert [batch.tolist() for batch in rest] == [batch.tolist() for batch in whole[4:]]


def test_a_rehearsal_stops_after_so_many_batches():
    assert len(list(BatchSampler(range(103), 10, seed=1, limit=3))) == 3
    assert len(list(BatchSampler(range(20), 10, seed=1, limit=3))) == 2


def test_data_in_memory_are_the_same_and_texts_of_different_length_stay_as_they_are():
    train = load_splits(Config())["train"]
    kept = make_loader(train, Config(), 10).dataset
    assert (kept is train) == hasattr(train, "sizes")
    some = torch.tensor([5, 0, 3])
    assert all(torch.equal(*pair) for pair in zip(kept[some], train[some], strict=True))


def test_workers_load_the_same_batches():
    train = load_splits(Config())["train"]
    alone = make_loader(train, Config(limit_batches=3), 16, seed=0)
    helped = make_loader(train, Config(limit_batches=3, num_workers=1), 16, seed=0)
    for one, other in zip(alone, helped, strict=True):
        assert all(torch.equal(*pair) for pair in zip(one, other, strict=True))


class Lengths(list):
    """Examples that say how long they are."""

    sizes = torch.randint(1, 100, (1000,), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("seed", [None, 1])
def test_examples_of_like_size_share_a_batch(seed):
    batches = list(BatchSampler(Lengths(range(1000)), 10, seed, limit=0))
    sizes = [Lengths.sizes[batch] for batch in batches]
    spread = sum((size.max() - size.min()).item() for size in sizes) / len(sizes)
    assert spread < 10  # of random batches it is 80
    assert sorted(torch.cat(batches).tolist()) == list(range(1000))


def test_batches_of_like_size_come_in_any_order_and_are_others_in_each_epoch():
    sampler = BatchSampler(Lengths(range(1000)), 10, seed=1, limit=0)
    first = [Lengths.sizes[batch].double().mean().item() for batch in sampler]
    assert first != sorted(first)
    whole = {tuple(batch.tolist()) for batch in sampler}
    sampler.epoch = 1
    assert not whole & {tuple(batch.tolist()) for batch in sampler}


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
