"""Beginning with weights that have learned already: what is taken, what is frozen, what resumes."""

import random
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import toy
from same_run import assert_same_run, rows, weights
from test_distributed import finish, flags, start  # noqa: F401  start is a fixture
from test_run import stop_after

from engine.checkpoint import load_checkpoint, load_model, save_checkpoint
from engine.learned import keep_frozen_statistics, learned_names, mark_backbone
from engine.settings import UserError

CPU = torch.device("cpu")
FIRST = "layers.0.weight"


@pytest.fixture
def earlier(tiny, tmp_path):
    """Train a run to begin from, and return its folder."""
    return toy.train(replace(tiny, run_dir=str(tmp_path / "earlier")))


@pytest.fixture
def other_classes(monkeypatch):
    """From now on the classes are as many, but others."""
    monkeypatch.setattr(toy, "CLASSES", ["A", "B", "C"])


@pytest.fixture
def with_backbone(tiny):
    """Settings for a network with a part called backbone, which stands still for two epochs."""
    return replace(tiny, kind="backbone", frozen_epochs=2, epochs=4, limit_batches=0, noise=0.0)


@pytest.fixture
def worse(monkeypatch):
    """From now on each validation is worse than the one before it."""
    evaluate = toy.evaluate
    calls = []

    def evaluate_worse(*arguments):
        calls.append(0)
        answers = evaluate(*arguments)
        return answers._replace(losses=answers.losses + len(calls))

    monkeypatch.setattr(toy, "evaluate", evaluate_worse)


def first_weights(monkeypatch, config):
    """Return the weights with which a training begins."""
    found = {}

    def begin(run):
        found.update({name: value.clone() for name, value in run.model.state_dict().items()})
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped, pytest.raises(KeyboardInterrupt):
        stopped.setattr(toy, "start_stage", lambda run, config: begin(run))
        toy.train(config)
    return found


def test_a_training_begins_with_the_best_weights_of_another_run(tiny, earlier, monkeypatch, capsys):
    began = first_weights(monkeypatch, replace(tiny, init_from=str(earlier)))
    best = weights(earlier, "best.pt")["model"]
    assert all(torch.equal(began[name], value) for name, value in best.items())
    assert f"begins with all weights of {earlier}\n" in capsys.readouterr().out


def test_with_other_classes_the_layer_that_tells_them_apart_is_new_and_named(
    tiny, earlier, monkeypatch, capsys, other_classes
):
    fresh = first_weights(monkeypatch, tiny)
    began = first_weights(monkeypatch, replace(tiny, init_from=str(earlier)))
    best = weights(earlier, "best.pt")["model"]
    assert torch.equal(began[FIRST], best[FIRST])
    assert torch.equal(began["classifier.weight"], fresh["classifier.weight"])
    line = f"begins with 6 of 8 weights of {earlier}; new: classifier.weight (3, 8); classifier."
    assert line in capsys.readouterr().out


def test_a_layer_of_another_shape_is_new_and_both_shapes_are_named(tiny, earlier, capsys):
    # From a class to a number the last layer is called otherwise; with another width none fits.
    with pytest.raises(UserError, match=rf"^no weight of {earlier} fits the network of model\.py$"):
        toy.train(replace(tiny, init_from=str(earlier), width=16, numbers=True))
    assert not Path(tiny.run_dir).exists()
    toy.train(replace(tiny, init_from=str(earlier), width=16))
    said = capsys.readouterr().out
    assert "begins with 2 of 8 weights" in said
    assert f"{FIRST} (16, 2), there (8, 2)" in said
    assert "; 3 more" in said


def test_a_folder_without_a_run_is_refused(tiny, tmp_path):
    with pytest.raises(UserError, match=r"--init-from is nowhere: there is no such folder"):
        toy.train(replace(tiny, init_from="nowhere"))
    with pytest.raises(UserError, match=r"there is no .*best\.pt yet"):
        toy.train(replace(tiny, init_from=str(tmp_path)))
    assert not Path(tiny.run_dir).exists()


@pytest.mark.parametrize("init_from", [None, "earlier"])
@pytest.mark.parametrize(("name", "value"), [("frozen_epochs", 1), ("backbone_lr", 0.1)])
def test_what_is_for_learned_layers_is_refused_where_all_or_nothing_has_learned(
    tiny, earlier, init_from, name, value
):
    folder = str(earlier) if init_from else None
    with pytest.raises(UserError) as error:
        toy.train(replace(tiny, init_from=folder, **{name: value}))
    flag = "--" + name.replace("_", "-")
    assert str(error.value).startswith(f"{flag} is {value}, but there are no layers that have")
    assert not Path(tiny.run_dir).exists()


def test_what_has_learned_stands_still_at_first_and_then_learns_more_slowly(
    tiny, earlier, monkeypatch, other_classes
):
    config = replace(tiny, init_from=str(earlier), frozen_epochs=2, epochs=4, backbone_lr=0.001)
    best = weights(earlier, "best.pt")["model"]
    groups, learned = [], []

    def look(run):
        groups.append([len(group["params"]) for group in run.state.optimizer.param_groups])
        learned.append({name: value.clone() for name, value in run.model.state_dict().items()})

    folder = toy.train(config, look)
    assert groups == [[2], [2], [2, 3], [2, 3]]  # frozen weights are in no optimizer
    for name in ("layers.0.weight", "layers.1.running_mean", "layers.1.running_var"):
        assert torch.equal(learned[1][name], best[name]), name
    assert not torch.equal(learned[1]["classifier.weight"], learned[0]["classifier.weight"])
    assert not torch.equal(learned[3][FIRST], best[FIRST])
    # Its statistics are of more examples than there are now, so they stay.
    assert torch.equal(learned[3]["layers.1.running_mean"], best["layers.1.running_mean"])
    rates = [group["initial_lr"] for group in weights(folder)["optimizer"]["param_groups"]]
    assert rates == [0.02, 0.001]


def test_features_are_computed_once_unless_examples_are_varied(with_backbone, monkeypatch, capsys):
    calls = []
    forward = torch.nn.Sequential.forward

    def counted(self, points):
        calls.append(len(points))
        return forward(self, points)

    monkeypatch.setattr(torch.nn.Sequential, "forward", counted)
    frozen = replace(with_backbone, frozen_epochs=4)
    toy.train(frozen)
    assert "is computed once" in capsys.readouterr().out
    kept = sum(calls)
    calls.clear()
    toy.train(replace(frozen, noise=0.1, run_dir=frozen.run_dir + "2"))
    assert "is computed once" not in capsys.readouterr().out
    assert kept < 3 * 163 < 4 * 163 <= sum(calls)


def test_kept_features_train_as_computed_ones_do(with_backbone, monkeypatch):
    kept = toy.train(with_backbone)
    monkeypatch.setattr(toy, "keep_features", lambda *_: None)
    computed = toy.train(replace(with_backbone, run_dir=with_backbone.run_dir + "2"))
    for name, value in load_checkpoint(kept / "best.pt")["model"].items():
        other = load_checkpoint(computed / "best.pt")["model"][name]
        assert torch.allclose(value, other, atol=1e-5), name


@pytest.mark.parametrize("steps", [1, 5, 8, 15, 16, 17, 20, 24, 31])
@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_a_run_that_was_interrupted_in_any_stage_ends_as_an_unbroken_one(
    with_backbone, unbroken, monkeypatch, steps, noise
):
    changed = {"kind": "backbone", "frozen_epochs": 2, "epochs": 4, "limit_batches": 0}
    whole = unbroken(with_backbone, **changed, noise=noise)
    broken = replace(with_backbone, noise=noise, save_every=1)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, steps)
        toy.train(broken)
    toy.train(replace(broken, resume=True))
    assert_same_run(whole, broken.run_dir)


def test_a_run_goes_on_though_the_one_that_it_began_from_is_gone(
    tiny, earlier, monkeypatch, other_classes
):
    config = replace(tiny, init_from=str(earlier), frozen_epochs=1, save_every=1)
    whole = toy.train(replace(config, run_dir=config.run_dir + "2"))
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, 6)
        toy.train(config)
    (earlier / "best.pt").unlink()
    toy.train(replace(config, resume=True))
    assert_same_run(whole, config.run_dir)


def test_frozen_weights_are_written_once_for_all_checkpoints(with_backbone):
    folder = toy.train(replace(with_backbone, frozen_epochs=4))
    for name in ("best.pt", "last.pt"):
        assert "backbone.0.weight" not in weights(folder, name)["model"]
    loaded = load_model(folder, CPU, toy.Config, toy.Info, toy.build_model)
    once = weights(folder, "once.pt")["model"]
    assert once.keys() == {"backbone.0.weight", "backbone.1.weight", "backbone.1.bias"}
    assert torch.equal(loaded.model.get_parameter("backbone.0.weight"), once["backbone.0.weight"])


@pytest.fixture
def frozen_for_good(with_backbone, monkeypatch):
    """Settings for a network whose backbone build_model has frozen, and which shares a weight."""
    build_model = toy.build_model

    def build(config, info):
        model = build_model(config, info)
        layers: Any = model.backbone
        layers.requires_grad_(False)
        layers[1].shared = layers[0].weight  # a weight with two names
        return model

    monkeypatch.setattr(toy, "build_model", build)
    return replace(with_backbone, frozen_epochs=0)


def test_a_backbone_that_build_model_has_frozen_is_written_once_under_all_its_names(
    frozen_for_good, tmp_path, monkeypatch
):
    whole = toy.train(replace(frozen_for_good, run_dir=str(tmp_path / "whole")))
    names = {"backbone.0.weight", "backbone.1.weight", "backbone.1.bias", "backbone.1.shared"}
    assert weights(whole, "once.pt")["model"].keys() == names
    for name in ("best.pt", "last.pt"):
        assert not names & weights(whole, name)["model"].keys()
    broken = replace(frozen_for_good, save_every=1)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, 5)
        toy.train(broken)
    toy.train(replace(broken, resume=True))
    assert_same_run(whole, broken.run_dir)
    load_model(whole, CPU, toy.Config, toy.Info, toy.build_model)


def test_a_run_of_an_earlier_version_has_no_list_of_what_is_written_once(
    with_backbone, tmp_path, monkeypatch
):
    whole = toy.train(replace(with_backbone, run_dir=str(tmp_path / "whole")))
    broken = replace(with_backbone, save_every=1)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, 5)  # in a frozen epoch
        toy.train(broken)
    last = Path(str(broken.run_dir)) / "last.pt"
    checkpoint = weights(broken.run_dir)
    assert checkpoint.pop("once_weights")
    save_checkpoint(last, checkpoint)
    toy.train(replace(broken, resume=True))
    assert_same_run(whole, broken.run_dir)


def test_a_checkpoint_without_its_frozen_weights_is_refused(with_backbone, tmp_path):
    folder = toy.train(with_backbone)
    other = toy.train(replace(with_backbone, seed=1, run_dir=str(tmp_path / "other")))
    once = folder / "once.pt"
    (other / "once.pt").replace(once)
    with pytest.raises(UserError, match=r"once\.pt belongs to another run"):
        load_checkpoint(folder / "best.pt")
    once.unlink()
    with pytest.raises(UserError, match=r"best\.pt needs once\.pt"):
        load_checkpoint(folder / "best.pt")


def test_a_long_text_of_info_is_written_once(tiny, monkeypatch):
    text = "word " * 40_000
    load_data = toy.load_data

    def with_text(config):
        data = load_data(config)
        data.info.tokenizer = text
        return data

    @toy.dataclass(kw_only=True)
    class Info(toy.Info):
        tokenizer: str = ""

    monkeypatch.setattr(toy, "Info", Info)
    monkeypatch.setattr(toy, "load_data", with_text)
    folder = toy.train(tiny)
    assert (folder / "last.pt").stat().st_size < 100_000
    loaded = load_model(folder, CPU, toy.Config, Info, toy.build_model)
    assert loaded.info.tokenizer == text
    toy.train(replace(tiny, resume=True))


def test_patience_does_not_end_the_training_while_layers_are_frozen(with_backbone, worse):
    folder = toy.train(replace(with_backbone, patience=1, frozen_epochs=3, epochs=9))
    assert len(rows(folder)) == 4


def test_patience_ends_a_training_whose_layers_are_frozen_to_the_end(with_backbone, worse):
    folder = toy.train(replace(with_backbone, patience=2, frozen_epochs=9, epochs=9))
    assert len(rows(folder)) == 3


@pytest.mark.parametrize("draw", [lambda: torch.rand(1).item(), random.random, np.random.rand])
def test_features_are_not_kept_where_inputs_change_only_now_and_then(
    with_backbone, monkeypatch, capsys, draw
):
    compute_loss = toy.compute_loss

    def mirrored(model, batch, config):
        points, labels = batch
        if model.training and draw() < 0.01:  # none of the few examples that are tried
            points = -points
        return compute_loss(model, (points, labels), config)

    monkeypatch.setattr(toy, "compute_loss", mirrored)
    toy.train(with_backbone)
    assert "is computed once" not in capsys.readouterr().out


def test_features_are_not_kept_where_a_new_layer_shares_a_weight(
    with_backbone, monkeypatch, capsys
):
    build_model = toy.build_model

    class Tied(torch.nn.Module):
        def __init__(self, network):
            super().__init__()
            self.before = torch.nn.Linear(2, 8, bias=False)
            self.backbone = network.backbone
            self.backbone[0].weight = self.before.weight
            self.classifier = network.classifier

        def forward(self, points):
            return self.classifier(self.backbone(points))

    monkeypatch.setattr(toy, "build_model", lambda *arguments: Tied(build_model(*arguments)))
    toy.train(with_backbone)
    assert "is computed once" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("was", "now", "advice"),
    [
        (None, "b", "was trained without --backbone: leave out --backbone or --init-from"),
        ("a", "b", "was trained with --backbone a: name this one, or leave out --init-from"),
        ("a", None, "was trained with --backbone a: name this one, or leave out --init-from"),
    ],
)
def test_a_run_with_another_backbone_is_refused(tiny, tmp_path, was, now, advice):
    @toy.dataclass(frozen=True, kw_only=True)
    class Config(toy.Config):
        backbone: str | None = None

    settings = Config.restore(asdict(tiny))
    first = replace(settings, backbone=was, run_dir=str(tmp_path / "first"))
    earlier = toy.train(first)
    with pytest.raises(UserError, match=advice):
        toy.train(replace(settings, backbone=now, init_from=str(earlier)))
    assert not Path(tiny.run_dir).exists()


@pytest.mark.parametrize("more", [{}, {"noise": 0.1}, {"fsdp": True}])
def test_two_processes_freeze_as_one_does(with_backbone, start, tmp_path, more):  # noqa: F811
    config = replace(with_backbone, dropout=0.0, **more)
    finish(start(2, tmp_path / "two", *flags(config)))
    alone = replace(config, fsdp=False, run_dir=str(tmp_path / "one"))
    one = load_checkpoint(toy.train(alone) / "last.pt")
    two = load_checkpoint(tmp_path / "two" / "last.pt")
    assert one["progress"]["step"] == two["progress"]["step"]
    tolerance = 1e-4 if config.noise == 0 else 1.0  # what is drawn differs between processes
    for name, value in one["model"].items():
        assert torch.allclose(value, two["model"][name], atol=tolerance), name


def test_other_weights_than_those_that_have_learned_are_new(with_backbone):
    model = toy.build_model(with_backbone, toy.Info(classes=["a", "b"]))
    assert learned_names(model) == set()
    mark_backbone(model)
    assert {name.partition(".")[0] for name in learned_names(model)} == {"backbone"}


def test_statistics_without_weights_stand_still_where_all_around_them_has_learned(with_backbone):
    model = toy.build_model(with_backbone, toy.Info(classes=["a", "b"]))
    layers = [torch.nn.Linear(2, 8), torch.nn.BatchNorm1d(8, affine=False), torch.nn.Dropout()]
    model.backbone = torch.nn.Sequential(*layers)
    mark_backbone(model)
    keep_frozen_statistics(model.train())
    assert [layer.training for layer in layers] == [True, False, True]
    assert model.get_submodule("classifier").training
