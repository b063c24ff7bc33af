"""What is said of the data before a training, and of the scores in it."""

from dataclasses import replace

import pytest
import torch
import toy
from torch.utils.data import random_split

from engine.dataset import Data, Info, InMemory
from engine.describe import describe, describe_epoch, format_scores, has_rare_classes
from engine.metrics import accuracy, macro_f1, mae, r2, rmse
from engine.run import Run


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


def test_advice_is_the_last_that_is_said(capsys):
    advised = data(torch.tensor([0, 0, 0, 1]), ["cat", "dog"], ["a note"])
    advised.advice = "note: try this"
    describe(advised, [accuracy])
    assert capsys.readouterr().out.splitlines()[-1] == "note: try this"


RARE = torch.tensor([0] * 36 + [1] * 3)
HALVES = torch.tensor([0] * 20 + [1] * 20)


def test_where_classes_are_rare_the_score_that_matters_is_named(capsys):
    describe(data(RARE, ["cat", "dog"]), [accuracy, macro_f1])
    *_, warning, to_beat = capsys.readouterr().out.splitlines()
    assert warning == (
        "warning: some classes are rare, so accuracy says little: watch each class in the table "
        "of eval.py; --class-weights 0.5 --best-by macro_f1 finds more of them"
    )
    # Of the cats 36 of 39 answers are right: F1 = 72 / 75. No dog is found.
    assert to_beat == (
        "to beat: always answering 'cat' has a test accuracy of 0.9231, macro_f1 of 0.4800; "
        "with rare classes macro_f1 is the score that matters"
    )


def test_a_score_that_model_py_lacks_is_not_advised(capsys):
    describe(data(RARE, ["cat", "dog"]), [accuracy])
    *_, warning, to_beat = capsys.readouterr().out.splitlines()
    assert warning.endswith("; --class-weights 0.5 finds more of them")
    assert to_beat == "to beat: always answering 'cat' has a test accuracy of 0.9231"


@pytest.mark.parametrize(
    ("counts", "are_rare"),
    [
        ([50, 50], False),
        ([79, 21], False),
        ([81, 19], True),  # always the usual one is right in more than 0.8
        ([50, 5, 5], True),  # 0.83
        ([40, 40, 4], False),  # ten times as many, not more
        ([41, 40, 4], True),
        ([7] * 30, False),
    ],
)
def test_which_classes_are_rare(counts, are_rare):
    labels = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    assert has_rare_classes(labels, len(counts)) == are_rare


def test_where_no_class_is_rare_nothing_is_said_of_it(capsys):
    describe(data(HALVES, ["cat", "dog"]), [accuracy, macro_f1])
    said = capsys.readouterr().out
    assert "rare" not in said
    assert "has a test accuracy of 0.5000, macro_f1 of 0.3333\n" in said


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


def test_what_the_data_say_of_the_model_stands_below_the_line_of_an_epoch(tiny):
    config = replace(tiny, ema=0.5)
    device = torch.device("cpu")
    loaded = toy.load_data(config)
    model = toy.build_model(config, loaded.info)
    said = []

    def say(model):
        said.append(model)
        return "it says: hello"

    loaded.after_epoch = say
    run = Run(config, loaded, [accuracy], model, device)
    with run.at_work():
        run.begin(toy.build_model)
        toy.start_stage(run, config)
        row = {"epoch": 1, "val_loss": 0.5, "seconds": 1.0, "step": 1}
        run.progress.history.append(row)
        line = describe_epoch(row, run)
        assert said[-1] is run.evaluated_model
    assert said[-1] is not model
    assert line == "epoch   1  val loss 0.5000  1.00 s *\nit says: hello"


def test_the_line_of_an_epoch_has_the_losses_and_every_metric():
    row = {"epoch": 1, "train_loss": 0.5, "val_loss": 1234.5, "val_macro_f1": 0.25, "lr": 0.1}
    shown = [" train loss 0.5000", " val loss 1,234.5000", " val macro f1 0.2500"]
    assert format_scores(row) == shown
