"""--ema: an average of the weights is evaluated, kept and resumed."""

from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
import torch
import toy
from same_run import assert_same_run, rows, weights
from test_distributed import finish, flags, start  # noqa: F401  start is a fixture
from torch import nn

import engine.run
from engine.average import WeightAverage, average_in
from engine.checkpoint import load_checkpoint, load_model, weights_of
from engine.evaluation import evaluate
from engine.loader import make_loader
from engine.settings import UserError

CPU = torch.device("cpu")


@pytest.fixture
def averaged(tiny):
    """Settings for a training that keeps an average."""
    return replace(tiny, ema=0.9)


def test_in_the_first_steps_less_of_the_average_stays():
    model = nn.Linear(1, 1, bias=False)
    average = WeightAverage(model, decay=0.25)
    expected = 0.0
    for step, value in enumerate([8.0, 4.0, 6.0, 1.0, 2.0]):
        nn.init.constant_(model.weight, value)
        average.update_parameters(model)
        decay = min(0.25, (1 + step) / (10 + step)) if step > 0 else 0.0
        expected = decay * expected + (1 - decay) * value
        assert next(average.parameters()).item() == pytest.approx(expected)
    assert decay == 0.25


def test_the_statistics_of_normalisation_are_those_of_the_model():
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    average = WeightAverage(model, decay=0.9)
    for _ in range(3):
        model(torch.randn(8, 2))
        average.update_parameters(model)
    mine = dict(average.module.named_buffers())
    for name, buffer in model.named_buffers():
        assert torch.equal(buffer, mine[name])


def test_without_it_there_is_none(tiny):
    assert weights(toy.train(tiny))["average"] == {}


def test_the_training_itself_stays_as_it_is(averaged, unbroken, tiny):
    mine = weights(toy.train(averaged))["model"]
    for name, value in weights(unbroken(tiny))["model"].items():
        assert torch.equal(mine[name], value)


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_the_best_model_of_a_run_is_the_average_that_was_evaluated(averaged, precision):
    config = replace(averaged, epochs=3, precision=precision)
    folder = toy.train(config)
    checkpoint = weights(folder, "best.pt")
    loaded = load_model(folder, CPU, toy.Config, toy.Info, toy.build_model)
    state = loaded.model.state_dict()
    assert state.keys() == checkpoint["model"].keys()
    for name, value in average_in(checkpoint["average"]).items():
        assert torch.equal(state[name], value)
    weight = "classifier.weight"
    assert not torch.equal(state[weight], checkpoint["model"][weight])

    loader = make_loader(toy.load_data(config).val, 1024, config)
    answers = evaluate(loaded.model, loader, toy.compute_loss, config)
    val_loss = answers.losses.double().mean().item()
    assert val_loss == checkpoint["best"]["val_loss"]
    assert checkpoint["best"]["val_loss"] == float(
        rows(folder)[checkpoint["epoch"] - 1]["val_loss"]
    )


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


@pytest.mark.parametrize("batches", [4, 5, 12, 17])
def test_a_resumed_run_ends_where_an_unbroken_one_does(averaged, unbroken, monkeypatch, batches):
    changed = {"ema": 0.9, "accumulate": 3, "limit_batches": 12}
    broken = replace(averaged, save_every=1, **changed)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, batches)
        toy.train(broken)
    toy.train(replace(broken, resume=True))
    whole = unbroken(averaged, **changed)
    assert_same_run(whole, averaged.run_dir)
    mine = weights(averaged.run_dir)["average"]
    theirs = weights(whole)["average"]
    assert mine.keys() == theirs.keys() > {"n_averaged"}
    assert mine["n_averaged"] == weights(whole)["progress"]["step"] == 6
    for name, value in mine.items():
        assert torch.equal(value, theirs[name]), name


def test_two_processes_go_on_with_steps_of_several_batches(averaged, start, tmp_path):  # noqa: F811
    still = replace(averaged, dropout=0.0, noise=0.0, accumulate=3, batch_size=7, limit_batches=0)
    alone = weights(toy.train(still))
    two = tmp_path / "two"
    resumed = tmp_path / "resumed"
    finish(start(2, two, *flags(still), "--save-every", "8"))
    copytree(two, resumed)
    (resumed / "last.prev.pt").replace(resumed / "last.pt")
    progress = weights(resumed)["progress"]
    assert (progress["step"], progress["batch"]) == (8, 6)  # two steps of the second epoch
    finish(start(2, resumed, "--resume"))
    assert_same_run(two, resumed)
    for name, value in weights(two)["average"].items():
        assert torch.equal(value, weights(resumed)["average"][name]), name
        torch.testing.assert_close(value, alone["average"][name], rtol=0, atol=1e-4)


@pytest.mark.parametrize("noise", [0.0, 0.1])  # with it the features are not kept
@pytest.mark.parametrize("batches", [5, 11, 16])
def test_each_stage_has_an_average_of_its_own(tiny, unbroken, monkeypatch, noise, batches):
    changed = {
        "ema": 0.9,
        "kind": "backbone",
        "noise": noise,
        "frozen_epochs": 1,
        "epochs": 2,
        "batch_size": 12,
        "limit_batches": 0,
    }
    broken = replace(tiny, save_every=2, **changed)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, batches)
        toy.train(broken)
    if batches < 11:  # what stands still is written once, not in every average
        names = average_in(weights(tiny.run_dir)["average"]).keys()
        assert names == {"classifier.weight", "classifier.bias"}
    toy.train(replace(broken, resume=True))
    whole = unbroken(tiny, **changed)
    assert_same_run(whole, tiny.run_dir)
    theirs = weights(whole)["average"]
    assert theirs["n_averaged"] == 11
    for name, value in weights(tiny.run_dir)["average"].items():
        assert torch.equal(value, theirs[name]), name
    load_model(whole, CPU, toy.Config, toy.Info, toy.build_model)


def test_another_run_begins_with_the_average(averaged, tmp_path, monkeypatch):
    folder = toy.train(averaged)
    found = {}

    def look(run, config):
        found.update(run.model.state_dict())
        raise KeyboardInterrupt

    monkeypatch.setattr(toy, "start_stage", look)
    with pytest.raises(KeyboardInterrupt):
        toy.train(replace(averaged, init_from=str(folder), run_dir=str(tmp_path / "next")))
    for name, value in weights_of(load_checkpoint(folder / "best.pt")).items():
        assert torch.equal(found[name], value)


def test_it_is_less_far_from_where_it_was_than_the_weights_are(averaged):
    folder = toy.train(replace(averaged, ema=0.999, epochs=4, lr=0.1, limit_batches=0))
    checkpoint = weights(folder)
    average = weights_of(checkpoint)["classifier.weight"]
    assert 0.02 < (average - checkpoint["model"]["classifier.weight"]).abs().max() < 1


@pytest.mark.parametrize("decay", [1, 1.5, -0.1, float("nan")])
def test_other_decays_are_refused(decay):
    with pytest.raises(UserError, match=r"^--ema is .*: it must be from 0 to 0\.999999$"):
        toy.Config(ema=decay)


def test_with_fsdp_it_is_refused():
    with pytest.raises(UserError, match=r"^--ema keeps a whole copy of the model, --fsdp a part"):
        toy.Config(ema=0.9, fsdp=True)


def test_a_loop_that_knows_nothing_of_it_is_told_so(averaged, monkeypatch):
    average_weights = engine.run.Run.average_weights
    monkeypatch.setattr(engine.run.Run, "average_weights", lambda self: None)
    with pytest.raises(UserError, match=r"train_epoch does not call run\.average_weights"):
        toy.train(averaged)
    assert not Path(averaged.run_dir).exists()
    monkeypatch.setattr(engine.run.Run, "average_weights", average_weights)
    toy.train(averaged)
