"""What is said of the data before a training, and of the scores in it."""

import pytest
import torch
from torch.utils.data import random_split

from engine.dataset import Data, Info, InMemory
from engine.describe import describe, format_scores
from engine.metrics import accuracy, mae, r2, rmse


def data(labels, classes, notes=()):
    """Return data whose three parts are the same."""
    part = InMemory(torch.zeros(len(labels), 2), labels)
    return Data(part, part, part, Info(classes=classes), list(notes))


def test_the_user_sees_counts_classes_and_the_score_to_beat(capsys):
    describe(data(torch.tensor([0, 0, 0, 1]), ["cat", "dog"], ["a note"]), [accuracy])
    assert capsys.readouterr().out.splitlines() == [
        "a note",
        "examples: 4 train, 4 val, 4 test",
        "warning: a test of 4 examples says little",
        "classes: cat 9, dog 3",
        "to beat: always answering 'cat' has a test accuracy of 0.7500",
    ]


def test_rare_classes_are_warned_of(capsys):
    describe(data(torch.tensor([0] * 40 + [1]), ["cat", "dog"]), [accuracy])
    assert "warning: " in capsys.readouterr().out


def test_of_many_classes_the_largest_are_shown(capsys):
    names = [f"c{number}" for number in range(100)]
    describe(data(torch.arange(100).repeat(3), names), [accuracy])
    line = capsys.readouterr().out.splitlines()[1]
    assert line.count("c") < 40
    assert line.endswith("and 70 more")


def test_of_numbers_the_error_of_the_mean_is_said(capsys):
    describe(data(torch.tensor([1.0, 3.0]), []), [mae, rmse, r2])
    assert capsys.readouterr().out.splitlines()[2:] == [
        "to beat: always answering 2.0000 has a test mae of 1.0000, rmse of 1.0000, r2 of 0.0000"
    ]


def test_of_a_dataset_that_does_not_tell_its_labels_the_sizes_are_said(capsys):
    whole = InMemory(torch.zeros(9, 2), torch.zeros(9).long())
    train, val, test = random_split(whole, [5, 2, 2])
    describe(Data(train, val, test, Info(classes=["cat", "dog"])), [accuracy])
    assert capsys.readouterr().out == "examples: 5 train, 2 val, 2 test\n"


@pytest.mark.parametrize(
    "labels", [torch.rand(30), torch.full((30,), 7), torch.zeros(30, 2).long()]
)
def test_of_labels_that_are_no_classes_the_sizes_are_said(capsys, labels):
    class Other:
        """Keeps something else than what its examples have for labels."""

        def __init__(self):
            self.labels = labels

        def __len__(self):
            return len(labels)

        def __getitem__(self, index):
            return torch.zeros(2), index % 2

    part = Other()
    describe(Data(part, part, part, Info(classes=["cat", "dog"])), [accuracy])
    assert capsys.readouterr().out == "examples: 30 train, 30 val, 30 test\n"


def test_a_metric_that_is_not_defined_for_one_answer_alone_is_left_out(capsys):
    def broken(outputs, labels):
        raise ZeroDivisionError

    describe(data(torch.tensor([0, 1] * 20), ["cat", "dog"]), [broken])
    assert capsys.readouterr().out.splitlines()[-1] == "to beat: always answering 'cat'"


def test_the_line_of_an_epoch_has_the_losses_and_every_metric():
    row = {"epoch": 1, "train_loss": 0.5, "val_loss": 1234.5, "val_macro_f1": 0.25, "lr": 0.1}
    shown = [" train loss 0.5000", " val loss 1,234.5000", " val macro f1 0.2500"]
    assert format_scores(row) == shown
