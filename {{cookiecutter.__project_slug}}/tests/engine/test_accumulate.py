"""--accumulate: several batches make one optimizer step, as one large batch does."""

import signal
from dataclasses import replace

import pytest
import torch
import toy
from same_run import assert_same_run, rows, weights
from torch import nn

import engine.run
from engine.dataset import BatchSampler
from engine.loader import make_loader, steps_per_epoch
from engine.settings import UserError


@pytest.fixture
def still(tiny, monkeypatch):
    """Settings for a training in which no example changes what the network makes of another."""

    def build_model(config, info):
        outputs = max(1, len(info.classes))
        network = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, outputs))
        return network if info.classes else toy.OneNumber(network)

    monkeypatch.setattr(toy, "build_model", build_model)
    return replace(tiny, dropout=0.0, noise=0.0, limit_batches=0, epochs=3)


class Lengths(list):
    """Examples that say how long they are."""

    def __init__(self, count):
        super().__init__(range(count))
        generator = torch.Generator().manual_seed(0)
        self.sizes = torch.randint(1, 100, (count,), generator=generator)


SPLITS = [(100, 5, 4), (103, 5, 4), (103, 10, 3), (21, 10, 2), (7, 2, 30), (7, 100, 3), (97, 1, 8)]


@pytest.mark.parametrize(("examples", "size", "accumulate"), SPLITS)
@pytest.mark.parametrize("kind", [range, Lengths])
def test_the_batches_of_a_step_are_those_of_a_large_batch(examples, size, accumulate, kind):
    dataset = kind(examples)
    large = BatchSampler(dataset, size * accumulate, seed=1, limit=0)
    small = BatchSampler(dataset, size, 1, 0, accumulate)
    for epoch in (0, 1):
        large.go_to(epoch, 0)
        small.go_to(epoch, 0)
        batches = [request.indices for request in small]
        assert len(batches) == len(small) == small.steps * small.batches_per_step
        sizes = [len(batch) for batch in batches]
        assert 1 <= min(sizes) <= max(sizes) <= max(size, 2)
        shares = list(small.shares_of_steps())
        for step, request in enumerate(large):
            of_step = slice(step * small.batches_per_step, (step + 1) * small.batches_per_step)
            assert len(batches[of_step]) <= accumulate
            assert max(sizes[of_step]) - min(sizes[of_step]) <= 1
            assert torch.equal(torch.cat(batches[of_step]), request.indices)
            parts = [count / len(request.indices) for count in sizes[of_step]]
            assert shares[of_step] == pytest.approx(parts)
    assert large.steps == small.steps == step + 1


def test_a_resumed_epoch_goes_on_with_the_next_step():
    whole = [request.indices for request in BatchSampler(Lengths(103), 5, 1, 0, 4)]
    rest = BatchSampler(Lengths(103), 5, 1, 0, 4)
    shares = list(rest.shares_of_steps())
    rest.go_to(0, 8)
    assert len(rest) == len(whole) - 8
    for request, batch in zip(rest, whole[8:], strict=True):
        assert torch.equal(request.indices, batch)
    assert list(rest.shares_of_steps()) == shares[8:]


@pytest.mark.parametrize(("limit", "steps"), [(1, 1), (4, 1), (5, 2), (8, 2), (1000, 6)])
def test_a_rehearsal_ends_with_a_whole_step(limit, steps):
    sampler = BatchSampler(range(103), 5, 1, limit, 4)
    assert sampler.steps == steps
    assert len(list(sampler)) == 4 * steps


def test_it_counts_in_training_alone():
    points = toy.make_points()
    config = toy.Config(batch_size=10, accumulate=4)
    assert steps_per_epoch(make_loader(points, 10, config, seed=0)) == 6
    assert steps_per_epoch(make_loader(points, 10, config)) == 21


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"batch_size": 5, "accumulate": 7},
        {"optimizer": "sgd", "clip_norm": 0.1},
        {"rare": True, "class_weights": 1.0},
        {"numbers": True, "optimizer": "sgd", "lr": 0.01},
        {"one_by_one": True, "num_workers": 1},
    ],
)
def test_it_learns_what_a_large_batch_does(still, tmp_path, changed):
    small = replace(still, **({"batch_size": 7, "accumulate": 3} | changed))
    size = small.batch_size * small.accumulate
    large = replace(small, batch_size=size, accumulate=1, run_dir=str(tmp_path / "large"))
    mine = weights(toy.train(small))
    theirs = weights(toy.train(large))
    assert mine["progress"]["step"] == theirs["progress"]["step"] > 10
    for name, value in mine["model"].items():
        torch.testing.assert_close(value, theirs["model"][name], rtol=0, atol=1e-6)
    for row, other in zip(rows(small.run_dir), rows(large.run_dir), strict=True):
        for name in ("step", "train_loss", "val_loss", "lr"):
            assert float(row[name]) == pytest.approx(float(other[name]), abs=1e-5), name
    first = toy.build_model(small, toy.load_data(small).info)
    assert any(not torch.equal(v, mine["model"][name]) for name, v in first.state_dict().items())


def stop_after(monkeypatch, batches):
    """Let the power fail after so many batches."""
    done = []
    finish_batch = engine.run.Run.finish_batch

    def finish(self, *arguments):
        finish_batch(self, *arguments)
        done.append(0)
        if len(done) == batches:
            raise KeyboardInterrupt

    monkeypatch.setattr(engine.run.Run, "finish_batch", finish)


@pytest.mark.parametrize("batches", [5, 6, 13, 17])
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_resumed_run_ends_where_an_unbroken_one_does(
    tiny, unbroken, monkeypatch, batches, precision
):
    changed = {"accumulate": 3, "limit_batches": 12, "precision": precision}
    broken = replace(tiny, save_every=1, **changed)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, batches)
        toy.train(broken)
    progress = weights(tiny.run_dir)["progress"]
    assert progress["step"] == batches // 3
    assert progress["batch"] % 3 == 0
    toy.train(replace(broken, resume=True))
    assert_same_run(unbroken(tiny, **changed), tiny.run_dir)


def test_ctrl_c_within_a_step_stops_behind_it(tiny, monkeypatch):
    weigh_batch = engine.run.Run.weigh_batch
    losses = []

    def interrupt(self, loss):
        losses.append(loss)
        if len(losses) == 4:
            signal.raise_signal(signal.SIGINT)
        return weigh_batch(self, loss)

    monkeypatch.setattr(engine.run.Run, "weigh_batch", interrupt)
    with pytest.raises(SystemExit):
        toy.train(replace(tiny, accumulate=3, limit_batches=0))
    assert len(losses) == 6
    assert weights(tiny.run_dir)["progress"]["step"] == 2


@pytest.mark.parametrize("accumulate", [1, 3])
def test_each_batch_has_random_numbers_of_its_own(tiny, monkeypatch, accumulate):
    seeds = []
    monkeypatch.setattr(engine.run, "seed_random_numbers", lambda seed, _: seeds.append(seed))
    toy.train(replace(tiny, accumulate=accumulate, limit_batches=6))
    first = engine.run.seed_for(tiny.seed, "step", 0)
    assert seeds == [first + number for number in range(12)]


def test_a_loop_that_knows_nothing_of_it_is_told_so(tiny, monkeypatch):
    def loop(run, loader, config):
        for batch in run.batches_left(loader):
            losses, outputs = toy.compute_loss(run.state.model, batch, config)
            losses.mean().backward()
            run.state.optimizer.step()
            run.state.optimizer.zero_grad()
            run.state.scheduler.step()
            run.finish_batch(losses, outputs, batch)

    monkeypatch.setattr(toy, "train_epoch", loop)
    with pytest.raises(UserError, match=r"train_epoch does not call run\.weigh_batch"):
        toy.train(replace(tiny, accumulate=2))
    toy.train(tiny)


@pytest.mark.parametrize("accumulate", [0, -1])
def test_less_than_one_is_refused(accumulate):
    with pytest.raises(UserError, match=r"^--accumulate is .*: it must be from 1 to 1e\+06$"):
        toy.Config(accumulate=accumulate)
