"""What a student can break: each mistake is one line that names the function to mend."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import toy
from torch import nn

from engine import contract
from engine.contract import check_after_epoch, check_loaded, check_model, example_batch
from engine.dataset import Data, Info, InMemory, Windows
from engine.metrics import Metric, bits_per_character
from engine.settings import UserError

CPU = torch.device("cpu")
TWO = torch.rand(2, 2)


def refused(message, function, *arguments):
    """Check that a function refuses its arguments, in one line with these words."""
    with pytest.raises(UserError) as error:
        function(*arguments)
    assert "\n" not in str(error.value)
    assert message in str(error.value)


def data(numbers=False, **changed):
    return replace(toy.load_data(toy.Config(numbers=numbers)), **changed)


def test_data_that_are_fine_pass():
    check_loaded(data())
    check_loaded(data(numbers=True))


NOT_NAMES: Any = ["0", 1]
NO_LIST: Any = None


class NoLength:
    """Can be asked for an example, and does not say how many it has."""

    def __getitem__(self, index):
        return TWO[0], 0


@pytest.mark.parametrize(
    ("loaded", "message"),
    [
        (None, "data.py's load_data returned a NoneType: it must return engine.dataset.Data"),
        ((1, 2), "data.py's load_data returned a tuple of 2 (a int, a int): it must return"),
        (data(info={}), "returned Data whose info is a dict: it must be an engine.dataset.Info"),
        (
            data(info=toy.Info(classes=NOT_NAMES)),
            "returned Data whose info.classes holds 1: the name of a class must be a text",
        ),
        (
            data(info=toy.Info(classes=NO_LIST)),
            "returned Data whose info.classes is a NoneType: it must be a list of names",
        ),
        (data(val=None), "Data whose val is a NoneType: it must be a Dataset with __len__ and"),
        (data(test=NoLength()), "Data whose test is a NoLength: it must be a Dataset with"),
        (data(train=[]), "load_data returned no examples for train: its length is 0"),
    ],
)
def test_load_data_that_returns_something_else_is_named(loaded, message):
    refused(message, check_loaded, loaded)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 2, 1, 3], "labels of test have 3 (example 3), but info.classes has 3 names: a label"),
        ([0, -1, 1, 2], "labels of test have -1 (example 1), but info.classes has 3 names"),
        ([0, 9, 1, 2], "a label must be from 0 to 2"),
        ([0.0, 1.0, 2.0, 0.0], "are torch.float32, but info.classes has 3 names: a label must be"),
    ],
)
def test_labels_that_do_not_fit_the_classes_are_named(labels, message):
    test = InMemory(torch.rand(4, 2), torch.tensor(labels))
    refused(message, check_loaded, data(test=test))


class Labelled(toy.OneByOne):
    """Does not tell its labels, and gives always the same."""

    label: object = 4

    def __getitem__(self, index):
        return TWO[0], self.label


def labelled(label):
    dataset = Labelled(toy.make_points(), 0.0)
    dataset.label = label
    return dataset


@pytest.mark.parametrize(
    ("label", "numbers", "message"),
    [
        (4, False, "the labels of val have 4 (example 0), but info.classes has 3 names"),
        (0.5, False, "the labels of val are torch.float32, but info.classes has 3 names"),
        ([1, 0, 0], False, "the label"),
        (float("nan"), True, "the labels of val have nan (example 0): leave it out"),
    ],
)
def test_a_label_that_shows_only_when_it_is_read_is_named_too(label, numbers, message):
    loaded = data(numbers=numbers, val=labelled(torch.tensor(label)))
    check_loaded(loaded)
    refused(message, example_batch, loaded, CPU)


def test_a_wrong_label_among_the_training_examples_is_one_line(tiny, monkeypatch):
    loaded = data(train=labelled(4))
    monkeypatch.setattr(toy, "load_data", lambda config: loaded)
    refused("the labels of train have 4", toy.train, tiny)
    assert not Path(tiny.run_dir).exists()


def test_numbers_to_predict_must_be_finite():
    test = InMemory(torch.rand(3, 2), torch.tensor([1.0, torch.nan, 2.0]))
    refused(
        "labels of test have nan (example 1): leave it out", check_loaded, data(True, test=test)
    )


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (np.float32(2), "data.py: info.features is a numpy.float32, which a checkpoint cannot"),
        ({"a": [1, np.ones(2)]}, "data.py: info.features['a'][1] is a numpy.ndarray, which a che"),
    ],
)
def test_what_a_checkpoint_could_not_give_back_is_named(features, message):
    loaded = data()
    loaded.info.features = features
    refused(message, check_loaded, loaded)
    loaded.info.features = {"a": [1, "b", (2.5, None, True)], "c": torch.ones(2)}
    check_loaded(loaded)


USUAL = object()  # the toy's metrics


def check(model, compute_loss=toy.compute_loss, numbers=False, metrics=USUAL, **settings):
    """Check a model on the toy's data."""
    config = toy.Config(numbers=numbers, **settings)
    loaded = toy.load_data(config)
    known: Any = toy.metrics(loaded.info) if metrics is USUAL else metrics
    check_model(model, compute_loss, known, config, loaded.info, example_batch(loaded, CPU))


class Outputs(nn.Module):
    """Gives what it is made with, whatever comes in."""

    def __init__(self, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.outputs = outputs

    def forward(self, points):
        return self.outputs


def test_a_model_that_is_fine_passes_in_evaluation_mode():
    for numbers in (False, True):
        model = toy.build_model(toy.Config(), toy.load_data(toy.Config(numbers=numbers)).info)
        check(model, numbers=numbers)
        assert not model.training
    second = toy.Config(kind="second")
    check(toy.build_model(second, toy.load_data(second).info), kind="second")


RETURNED = "model.py: build_model returned "
SEVEN = "gives outputs (2, 7) where logits (2, 3) are expected, since the data have 3 classes"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (None, RETURNED + "a NoneType: it must return a network, an nn.Module"),
        (nn.Linear, RETURNED + "the class Linear: it must return a network, an nn.Module"),
        (nn.Flatten(), RETURNED + "a network without weights to learn"),
        (nn.Linear(3, 3), "the network of build_model cannot take the input a tensor (2, 2) flo"),
        (nn.Conv2d(1, 1, 3), "cannot take the input a tensor (2, 2) float32: "),
        (nn.Bilinear(2, 2, 3), "cannot take the input a tensor (2, 2) float32: "),
        (nn.Linear(2, 7), "model.py: the network of build_model " + SEVEN),
        (nn.Linear(2, 7), "the last layer needs len(info.classes) outputs"),
        (Outputs((TWO, TWO)), "gives a tuple of 2 (a tensor (2, 2) float32, a tensor (2, 2) flo"),
        (Outputs((TWO, TWO)), "it must give one tensor, logits (2, 3) (model.training tells"),
        (Outputs(torch.zeros(3)), "gives outputs (3,) where logits (2, 3) are expected"),
        (Outputs(torch.full((2, 3), torch.nan)), "gives nan or infinity for the input a tensor"),
    ],
)
def test_a_network_that_does_not_fit_the_data_is_named(model, message):
    refused(message, check, model)


def test_numbers_must_come_without_a_dimension_of_one():
    advice = "gives outputs (2, 1) where numbers (2,) are expected: add .squeeze(1)"

    def check_numbers():
        check(nn.Linear(2, 1), numbers=True)

    refused(advice, check_numbers)


def test_where_a_network_fails_the_line_of_the_students_file_is_named(monkeypatch):
    class Wrong(Outputs):
        def forward(self, points):
            return points @ self.outputs

    monkeypatch.setattr(contract, "ENGINE", Path(__file__).parent / "engine")
    refused("(test_contract.py, line ", check, Wrong(torch.zeros(5, 3)))


MODEL = nn.Linear(2, 3)


def losses_of(losses=None, outputs=None):
    """Return a compute_loss that gives these instead of what it should."""

    def compute_loss(model, batch, config):
        points, labels = batch
        logits = model(points)
        right = F.cross_entropy(logits, labels, reduction="none")
        return (right if losses is None else losses), (logits if outputs is None else outputs)

    return compute_loss


def fails(model, batch, config):
    points, labels = batch
    return F.cross_entropy(model(points), labels.view(1, 2)), None


def returns_one(model, batch, config):
    return torch.zeros(2)


@pytest.mark.parametrize(
    ("compute_loss", "message"),
    [
        (fails, "model.py: compute_loss fails: "),
        (returns_one, "compute_loss returned a tensor (2,) float32: it must return two tensors"),
        (losses_of(outputs=(TWO, TWO)), "model.py: compute_loss gives a tuple of 2"),
        (losses_of(outputs=TWO), "compute_loss gives outputs (2, 2) where logits (2, 3)"),
        (losses_of(losses=torch.tensor(0.5)), 'each example, (2,), so write reduction="none"'),
        (losses_of(losses=torch.zeros(2, 3)), "gives a tensor (2, 3) float32 for the losses: it"),
        (losses_of(losses=0.5), "compute_loss gives a float for the losses"),
    ],
)
def test_a_compute_loss_that_returns_something_else_is_named(compute_loss, message):
    refused(message, check, MODEL, compute_loss)


def in_training(change, usual=toy.compute_loss):
    """Return a compute_loss that is changed in training alone."""

    def compute_loss(model, batch, config):
        losses, outputs = usual(model, batch, config)
        return change(losses, outputs) if model.training else (losses, outputs)

    return compute_loss


WRONG_IN_TRAINING = [
    (lambda losses, outputs: losses, "returned a tensor (2,) float32 in training: it must return"),
    (lambda losses, outputs: (losses.mean(), outputs), "() float32 for the losses in training: i"),
    (lambda losses, outputs: (losses, (outputs, outputs)), "for its outputs in training: it must"),
    (lambda losses, outputs: (losses.detach(), outputs), "gives losses without a gradient"),
]


@pytest.mark.parametrize(("change", "message"), WRONG_IN_TRAINING)
def test_what_is_wrong_in_training_alone_is_named_too(change, message):
    refused(message, check, MODEL, in_training(change))


def test_to_try_a_model_changes_nothing_in_it():
    model = toy.build_model(toy.Config(), toy.load_data(toy.Config()).info)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    check(model)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name
    assert all(weight.grad is None for weight in model.parameters())


# Sequences: each place has a label.


class Sequence(Info):
    """Says that each place of an input has a label."""

    is_sequence = True


PLACES = 4
PLACE_LOSSES = torch.rand(2, PLACES)


def sequences(**changed):
    part = Windows(torch.arange(90) % 3, PLACES)
    return replace(Data(part, part, part, Sequence()), **changed)


class Foresees(nn.Module):
    """Gives logits (N, T, K), or what it is told to."""

    def __init__(self, outputs=None):
        super().__init__()
        self.vectors = nn.Embedding(3, 3)
        self.outputs = outputs

    def forward(self, numbers):
        return self.vectors(numbers) if self.outputs is None else self.outputs


def loss_of_places(model, batch, config):
    numbers, following = batch
    logits = model(numbers)
    losses = F.cross_entropy(logits.mT, following, reduction="none")
    return losses.mean(dim=1), losses


def check_sequence(model, compute_loss=loss_of_places):
    config = toy.Config()
    metrics: list[Metric] = [bits_per_character]
    data = sequences()
    check_model(model, compute_loss, metrics, config, data.info, example_batch(data, CPU))


def test_sequences_that_are_fine_pass():
    check_loaded(sequences())
    check_sequence(Foresees())


class OfSequences:
    """Gives always the same label."""

    def __init__(self, label):
        self.label = label

    def __len__(self):
        return 9

    def __getitem__(self, index):
        return torch.zeros(PLACES).long(), self.label


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (1, "data.py: the labels of val are a tensor (2,) int64: they must be (N, T), at each pla"),
        (torch.rand(PLACES), "the labels of val are a tensor (2, 4) float32: they must be (N, T)"),
        (torch.eye(PLACES).long(), "are a tensor (2, 4, 4) int64: they must be (N, T)"),
        (torch.zeros(3).long(), "of val are (2, 3) for inputs (2, 4): each place of an input must"),
    ],
)
def test_a_label_that_is_not_one_of_each_place_is_named(label, message):
    data = sequences(val=OfSequences(label))
    check_loaded(data)
    refused(message, example_batch, data, CPU)


def test_labels_in_memory_that_are_not_of_each_place_are_named():
    test = InMemory(torch.rand(4, 2), torch.tensor([0, 1, 2, 0]))
    message = "data.py: the labels of test are a tensor (4,) int64: they must be (N, T)"
    refused(message, check_loaded, sequences(test=test))


@pytest.mark.parametrize(
    ("outputs", "summary"),
    [
        (torch.rand(2, 3), "a tensor (2, 3) float32"),
        (torch.rand(2, PLACES), "a tensor (2, 4) float32"),
        (torch.rand(2, 3, PLACES), "a tensor (2, 3, 4) float32"),
        (torch.rand(2 * PLACES, 3), "a tensor (8, 3) float32"),
        ((PLACE_LOSSES, None), "a tuple of 2 (a tensor (2, 4) float32, a NoneType)"),
    ],
)
def test_a_network_that_gives_no_logits_for_each_place_is_named(outputs, summary):
    message = (
        f"model.py: the network of build_model gives {summary} in evaluation: "
        "it must give one tensor, logits (N, T, K), here (2, 4, K): for each place what may follow"
    )
    refused(message, check_sequence, Foresees(outputs))


def give(losses, outputs):
    """Return a compute_loss that gives these."""
    return lambda model, batch, config: (losses, outputs)


@pytest.mark.parametrize(
    ("compute_loss", "message"),
    [
        (give(torch.rand(2), torch.rand(2, PLACES, 3)), "gives outputs (2, 4, 3) where losses of "),
        (give(torch.rand(2), torch.rand(2)), "outputs (2,) where losses of all places (2, 4) are"),
        (give(torch.tensor(0.5), PLACE_LOSSES), 'of each example, (2,), so write reduction="none"'),
        (give(PLACE_LOSSES, PLACE_LOSSES), "gives a tensor (2, 4) float32 for the losses: it must"),
        (give(torch.rand(8), PLACE_LOSSES), "gives a tensor (8,) float32 for the losses: it must"),
        (give(torch.rand(2), None), "model.py: compute_loss gives a NoneType in evaluation"),
        (give(torch.rand(2), PLACE_LOSSES), "compute_loss gives losses without a gradient"),
    ],
)
def test_losses_that_are_not_of_each_place_and_each_sequence_are_named(compute_loss, message):
    refused(message, check_sequence, Foresees(), compute_loss)


def test_outputs_in_training_that_are_no_tensor_are_named():
    change = in_training(lambda losses, _: (losses, None), loss_of_places)
    message = "a NoneType for its outputs in training: it must be one tensor, logits (N, K) or num"
    refused(message, check_sequence, Foresees(), change)


# What is said of the model after each epoch.


def fail(_):
    raise ValueError("no such\nnetwork")


@pytest.mark.parametrize(
    ("after_epoch", "message"),
    [
        (fail, "data.py: after_epoch of what load_data returned fails: no such network"),
        (lambda model: model.nothing, "fails: 'Linear' object has no attribute 'nothing'"),
        (lambda model: None, "gives a NoneType: it must return a line of text"),
        (lambda model: print, "gives a builtin_function_or_method: it must return a line"),
    ],
)
def test_what_is_said_after_an_epoch_is_tried_before_the_first_one(after_epoch, message):
    refused(message, check_after_epoch, data(after_epoch=after_epoch), MODEL)


def test_a_training_that_could_say_nothing_after_an_epoch_leaves_no_folder(tiny, monkeypatch):
    load_data = toy.load_data
    monkeypatch.setattr(
        toy, "load_data", lambda config: replace(load_data(config), after_epoch=fail)
    )
    refused("data.py: after_epoch ", toy.train, tiny)
    assert not Path(tiny.run_dir).exists()


def test_data_that_say_nothing_after_an_epoch_are_fine():
    check_after_epoch(data(), MODEL)
    check_after_epoch(data(after_epoch=lambda model: "a line"), MODEL)


def test_what_shows_at_the_first_step_alone_is_named_there(tiny, monkeypatch):
    def change(losses, outputs):
        return (losses.mean(), outputs) if len(losses) > 2 else (losses, outputs)

    monkeypatch.setattr(toy, "compute_loss", in_training(change))
    refused('so write reduction="none"', toy.train, tiny)
    assert not Path(tiny.run_dir).exists()


def test_metrics_that_are_none_are_named_before_the_training():
    def no_number(outputs, labels):
        return outputs

    def broken(outputs, labels):
        return outputs.nothing

    def check_with(metrics):
        check(MODEL, metrics=metrics)

    no_one = "model.py: the metric no_number gives a Tensor, not one number"
    refused(no_one, check_with, [no_number])
    refused("model.py: the metric broken fails: 'Tensor' object has no", check_with, [broken])
    refused("model.py: metrics returned a NoneType: it must return a list", check_with, None)
    refused("model.py: metrics returned a list with 0.5: it must hold functions", check_with, [0.5])


def test_best_by_must_be_one_of_the_metrics():
    def check_by(name):
        check(MODEL, best_by=name)

    check_by("loss")
    check_by("accuracy")
    refused("best_by in config.py, is 'acc': it must be one of loss, accuracy", check_by, "acc")


def test_a_mistake_ends_the_command_with_one_line_and_no_folder(tmp_path, environment):
    script = tmp_path / "mine.py"
    script.write_text(
        "import sys, toy\n"
        "from engine.settings import one_line_errors\n"
        "toy.build_model = lambda config, info: toy.nn.Linear(2, 7)\n"
        "with one_line_errors():\n"
        "    toy.train(toy.Config(device='cpu'))\n",
        encoding="utf-8",
    )
    variables = environment()
    variables["PYTHONPATH"] += os.pathsep + str(Path(toy.__file__).parent)
    answer = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: model.py: the network of build_model gives outputs")
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "runs").exists()


class CountedFromOne(InMemory):
    """Keeps classes 1 to 3, and gives 0 to 2."""

    def __getitem__(self, index):
        inputs, label = super().__getitem__(index)
        return inputs, label - 1


def test_the_labels_that_count_are_those_that_getitem_gives():
    dataset = CountedFromOne(torch.rand(3, 2), torch.tensor([1, 2, 3]))
    given = Data(dataset, dataset, dataset, Info(classes=["a", "b", "c"]))
    check_loaded(given)
    _, labels = example_batch(given, CPU)
    assert labels.tolist() == [0, 1]
