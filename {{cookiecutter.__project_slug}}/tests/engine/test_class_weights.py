"""--class-weights: in training alone examples of rare classes count more."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import toy
from same_run import assert_same_run, rows, weights
from sklearn.metrics import balanced_accuracy_score
from sklearn.utils.class_weight import compute_class_weight
from torch.utils.data import random_split

from engine.checkpoint import load_model
from engine.class_weights import balance, learn_class_weights
from engine.dataset import Data, Info, InMemory
from engine.evaluation import evaluate
from engine.loader import make_loader
from engine.settings import UserError


@pytest.fixture
def rare(tiny):
    """Settings for a training on points of which one class is rare."""
    return replace(tiny, rare=True, limit_batches=0, epochs=3)


def answers_to(dataset, config):
    """Return what the best model of a run answers."""
    folder = Path(config.run_dir)
    loaded = load_model(folder, torch.device("cpu"), toy.Config, toy.Info, toy.build_model)
    return evaluate(loaded.model, make_loader(dataset, 99, config), toy.compute_loss, config)


def test_with_1_every_class_counts_the_same_and_with_0_every_example():
    counts = torch.tensor([90, 10])
    assert balance(counts, 1).tolist() == pytest.approx([100 / 180, 5])
    assert balance(counts, 0).tolist() == [1, 1]


def test_with_1_they_are_the_balanced_weights_of_scikit_learn():
    labels = torch.tensor([0] * 50 + [1] * 7 + [2] * 13)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=labels.numpy())
    assert balance(labels.bincount(), 1).tolist() == pytest.approx(expected.tolist())


@pytest.mark.parametrize("power", [0, 0.3, 0.5, 1])
def test_the_mean_weight_over_the_examples_is_1(power):
    counts = torch.tensor([500, 3, 40, 1])
    weights = balance(counts, power)
    assert (weights * counts).sum() / counts.sum() == pytest.approx(1)
    assert weights[0] / weights[1] == pytest.approx((3 / 500) ** power)


def test_a_class_without_a_training_example_has_a_finite_weight():
    assert balance(torch.tensor([9, 0, 1]), 1).isfinite().all()


def test_without_it_there_are_no_weights(rare):
    assert learn_class_weights(toy.load_data(rare), rare) is None


def test_the_training_loss_is_weighted_and_the_validation_loss_is_not(rare):
    config = replace(rare, epochs=1, lr=1e-12, dropout=0.0, noise=0.0, class_weights=0.5)
    (row,) = rows(toy.train(replace(config, batch_size=1000)))
    data = toy.load_data(config)
    torch.manual_seed(toy.seed_for(config.seed, "weights"))
    model = toy.build_model(config, data.info).train()
    losses, _ = toy.compute_loss(model, data.train.batch(torch.arange(len(data.train))), config)
    class_weights = balance(data.train.labels.bincount(), 0.5)
    assert class_weights.max() > 2 * class_weights.min()
    expected = (losses * class_weights[data.train.labels]).mean().item()
    assert float(row["train_loss"]) == pytest.approx(expected, abs=1e-5)
    assert float(row["train_loss"]) != pytest.approx(losses.mean().item(), abs=1e-3)

    answers = answers_to(data.val, config)
    assert float(row["val_loss"]) == pytest.approx(answers.losses.mean().item(), abs=1e-5)


def test_more_of_a_rare_class_is_found(rare, tmp_path):
    found = []
    for power in (0.0, 1.0):
        run_dir = str(tmp_path / str(power))
        config = replace(rare, epochs=8, class_weights=power, run_dir=run_dir)
        toy.train(config)
        answers = answers_to(toy.load_data(config).train, config)
        found.append(balanced_accuracy_score(answers.labels, answers.predictions))
    without, balanced = found
    assert balanced > without + 0.1


def test_a_resumed_run_ends_where_an_unbroken_one_does(rare, tmp_path):
    config = replace(rare, class_weights=0.7)
    unbroken = toy.train(replace(config, run_dir=str(tmp_path / "unbroken")))

    def stop(run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        toy.train(replace(config, save_every=1), stop)
    toy.train(replace(config, save_every=1, resume=True))
    assert_same_run(unbroken, config.run_dir)
    assert rows(unbroken) != rows(toy.train(replace(rare, run_dir=str(tmp_path / "without"))))


def test_the_model_and_its_checkpoint_stay_what_they_are(rare, tmp_path):
    weighted = toy.train(replace(rare, class_weights=1.0))
    plain = toy.train(replace(rare, run_dir=str(tmp_path / "plain")))
    assert weights(weighted)["model"].keys() == weights(plain)["model"].keys()


class OwnLabels(InMemory):
    """Keeps ten classes, and makes two of them in `__getitem__`."""

    def __getitem__(self, index):
        inputs, label = super().__getitem__(index)
        return inputs, int(label >= 8)


def data(train):
    return Data(train, train, train, Info(classes=["few", "many"]))


def test_labels_are_those_that_getitem_gives(tiny):
    config = replace(tiny, class_weights=1.0)
    labels = torch.arange(10)
    train = OwnLabels(torch.zeros(10, 2), labels)
    assert_weights(learn_class_weights(data(train), config), [10 / 16, 2.5])
    two = InMemory(torch.zeros(10, 2), (labels >= 8).long())
    part, _ = random_split(two, [10, 0])  # it does not tell its labels
    assert_weights(learn_class_weights(data(part), config), [10 / 16, 2.5])


def assert_weights(found, expected):
    assert found is not None
    assert found.tolist() == pytest.approx(expected)


def test_a_dataset_of_ones_own_is_counted(rare):
    folder = toy.train(replace(rare, one_by_one=True, class_weights=0.5))
    assert len(rows(folder)) == 3


def test_of_numbers_it_is_refused_and_no_folder_is_left(tiny):
    with pytest.raises(UserError, match=r"^--class-weights is for classes, and these data"):
        toy.train(replace(tiny, numbers=True, class_weights=0.5))
    assert not Path(tiny.run_dir).exists()


@pytest.mark.parametrize("power", [-0.1, 1.1, float("nan")])
def test_other_powers_are_refused(power):
    with pytest.raises(UserError, match=r"--class-weights is .*: it must be from 0 to 1"):
        toy.Config(class_weights=power)


def test_a_loop_that_leaves_it_out_is_told_so(rare, monkeypatch):
    # As if the line were not in train_epoch.
    monkeypatch.setattr(toy.Run, "weigh_classes", None)
    monkeypatch.setattr(toy, "train_epoch", loop_without_weights)
    with pytest.raises(UserError, match=r"train_epoch does not call run\.weigh_classes"):
        toy.train(replace(rare, class_weights=0.5))
    toy.train(rare)


def loop_without_weights(run, loader, config):
    for batch in run.batches_left(loader):
        losses, outputs = toy.compute_loss(run.state.model, batch, config)
        run.state.optimizer.zero_grad()
        losses.mean().backward()
        run.state.optimizer.step()
        run.state.scheduler.step()
        run.finish_batch(losses, outputs, batch)
