"""How good answers are, and what a metric may give."""

import warnings

import numpy as np
import pytest
import torch
import toy
from same_run import weights
from sklearn.metrics import balanced_accuracy_score, f1_score
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import Dataset

from engine.dataset import InMemory
from engine.evaluation import Answers, evaluate, measure
from engine.loader import make_loader
from engine.metrics import (
    IGNORED,
    accuracy,
    balanced_accuracy,
    bits_per_character,
    lower_is_better,
    macro_f1,
    mae,
    perplexity,
    r2,
    rmse,
    score_text,
    word_for_word,
)
from engine.settings import UserError

LOGITS = torch.eye(3)[[0, 1, 0, 2]]
LABELS = torch.tensor([0, 1, 1, 2])


def test_right_answers_are_counted():
    assert measure([accuracy], LOGITS, LABELS) == {"accuracy": 0.75}


def test_every_class_counts_the_same():
    labels = torch.tensor([0, 0, 0, 0, 1, 1])
    logits = torch.eye(2)[[0, 0, 0, 0, 0, 1]]
    # F1: of the first class 2 * 4 / (5 + 4), of the second one 2 * 1 / (1 + 2).
    assert macro_f1(logits, labels) == pytest.approx((8 / 9 + 2 / 3) / 2)
    assert balanced_accuracy(logits, labels) == pytest.approx((1 + 1 / 2) / 2)


@pytest.mark.parametrize("seed", range(20))
def test_scores_of_classes_are_those_of_scikit_learn(seed):
    generator = torch.Generator().manual_seed(seed)
    classes = 2 + seed % 9
    # Of few examples some classes have no label, some no answer, some neither.
    count = int(torch.randint(1, 40, (1,), generator=generator))
    logits = torch.randn(count, classes, generator=generator)
    labels = (torch.rand(count, generator=generator) ** 3 * classes).long()
    answers = logits.argmax(dim=1)
    expected = f1_score(labels, answers, average="macro", zero_division=0)
    assert macro_f1(logits, labels) == pytest.approx(expected)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a class is answered that is not among the labels
        expected = balanced_accuracy_score(labels, answers)
    assert balanced_accuracy(logits, labels) == pytest.approx(expected)


def test_errors_of_numbers_are_measured():
    labels = torch.tensor([1.0, 2.0, 3.0, 6.0])
    scores = measure([mae, rmse, r2], torch.tensor([1.0, 2.0, 3.0, 2.0]), labels)
    assert scores == pytest.approx({"mae": 1.0, "rmse": 2.0, "r2": 1 - 16 / 14})
    assert r2(labels.mean().expand(4), labels) == pytest.approx(0)
    assert r2(torch.zeros(4), torch.ones(4)) == 0  # labels that do not vary


def test_of_sequences_the_mean_loss_is_said_in_bits_and_as_so_many_equally_likely():
    losses = torch.log(torch.tensor([[2.0, 8.0], [4.0, 4.0]]))  # 1, 3, 2 and 2 bits
    characters = torch.zeros(2, 2).long()
    scores = measure([bits_per_character, perplexity], losses, characters)
    assert scores == pytest.approx({"bits_per_character": 2.0, "perplexity": 4.0})


def test_of_a_chat_the_places_of_answers_count_alone():
    losses = torch.log(torch.tensor([[9.0, 2.0, 8.0], [4.0, 4.0, 7.0]]))
    tokens = torch.tensor([[IGNORED, 0, 5], [0, 1, IGNORED]])
    assert perplexity(losses, tokens) == pytest.approx(4.0)
    assert word_for_word(losses, tokens) == 0
    assert word_for_word(losses / 9, tokens) == 1


LOWER = ["loss", "val_loss", "mae", "rmse", "mse", "top3_error", "perplexity", "bits_per_character"]


@pytest.mark.parametrize("name", LOWER)
def test_of_some_names_lower_is_better(name):
    assert lower_is_better(name)


@pytest.mark.parametrize("name", ["accuracy", "r2", "top3", "macro_f1", "errors_found"])
def test_of_all_others_higher_is_better(name):
    assert not lower_is_better(name)


def own(value, name="own"):
    """Return a metric that always gives this value."""

    def metric(outputs, labels):
        return value

    metric.__name__ = name
    return metric


@pytest.mark.parametrize(
    "value", [np.float64(0.5), np.float32(0.5), np.array(0.5), torch.tensor(0.5)]
)
def test_a_number_of_any_kind_becomes_a_plain_one_so_that_a_checkpoint_loads(
    tiny, monkeypatch, value
):
    (plain,) = measure([own(value)], LOGITS, LABELS).values()
    assert type(plain) is float
    monkeypatch.setattr(toy, "metrics", lambda info: [own(value), accuracy])
    checkpoint = weights(toy.train(tiny), "best.pt")
    assert checkpoint["best"]["val_own"] == 0.5
    assert list(checkpoint["best"])[5:7] == ["val_own", "val_accuracy"]


def test_two_metrics_of_one_name_are_refused():
    with pytest.raises(UserError, match=r"model\.py: metrics has two of the name 'own': rename"):
        measure([own(1.0), accuracy, own(2.0)], LOGITS, LABELS)
    with pytest.raises(UserError, match="two of the name 'loss'"):
        measure([own(1.0, "loss")], LOGITS, LABELS)


@pytest.mark.parametrize(
    ("value", "kind"),
    [(np.ones(3), "ndarray"), (torch.ones(3), "Tensor"), ("good", "str"), (None, "NoneType")],
)
def test_a_metric_that_gives_no_number_is_named(value, kind):
    with pytest.raises(UserError, match=rf"model\.py: the metric own gives a {kind}, not one num"):
        measure([own(value)], LOGITS, LABELS)


def test_a_callable_object_can_be_a_metric():
    class TopTwo:
        def __call__(self, outputs, labels):
            return 0.25

    assert measure([TopTwo()], LOGITS, LABELS) == {"TopTwo": 0.25}


def test_predictions_are_the_likeliest_classes_or_the_numbers():
    assert Answers(LABELS, LOGITS, LABELS).predictions.tolist() == [0, 1, 0, 2]
    assert Answers(LABELS, LOGITS[:, 0], LABELS).predictions.tolist() == [1, 0, 1, 0]


def test_evaluation_does_not_depend_on_the_batch_size():
    config = toy.Config()
    data = toy.load_data(config)
    torch.manual_seed(0)
    model = toy.build_model(config, data.info)
    answers = []
    for size in (7, 512):
        loader = make_loader(data.val, size, config)
        answers.append(evaluate(model, loader, toy.compute_loss, config))
    small, large = answers
    assert not model.training
    assert len(small.losses) == len(data.val)
    torch.testing.assert_close(small.losses, large.losses)
    torch.testing.assert_close(small.outputs, large.outputs)
    assert torch.equal(small.labels, large.labels)


def test_answers_come_in_the_order_of_the_dataset():
    config = toy.Config()

    class Sized(InMemory):
        """Says of its examples that the later ones are shorter, so they come first."""

        @property
        def sizes(self):
            return torch.arange(len(self)).flip(0)

    points = Sized(*toy.make_points().tensors)
    model = toy.build_model(config, toy.Info(classes=toy.CLASSES))
    answers = evaluate(model, make_loader(points, 16, config), toy.compute_loss, config)
    assert torch.equal(answers.labels, points.labels)


def test_batches_of_sequences_of_different_lengths_are_refused_in_one_line():
    class Lines(Dataset):
        """Each is as long as it is; a batch of them as its longest."""

        def __len__(self):
            return 6

        def __getitem__(self, index):
            return torch.zeros(1 + index), torch.zeros(1 + index).long()

        @staticmethod
        def collate_fn(examples):
            inputs = [numbers for numbers, _ in examples]
            labels = [following for _, following in examples]
            return pad_sequence(inputs, batch_first=True), pad_sequence(labels, batch_first=True)

    def compute_loss(model, batch, config):
        inputs, _ = batch
        return model(inputs.flatten()[:1]) + inputs.sum(dim=1), inputs

    model = torch.nn.Linear(1, 1)
    with pytest.raises(UserError) as error:
        evaluate(model, make_loader(Lines(), 2, toy.Config()), compute_loss, toy.Config())
    assert str(error.value) == (
        "model.py: compute_loss gives outputs (2, 2) for one batch and (2, 4) for another: "
        "fill all examples up to the same length, in __getitem__ of their Dataset"
    )


def test_of_a_rehearsal_as_many_answers_come_as_were_asked_for():
    config = toy.Config(limit_batches=2)
    model = toy.build_model(config, toy.Info(classes=toy.CLASSES))
    points = toy.make_points()
    answers = evaluate(model, make_loader(points, 10, config), toy.compute_loss, config)
    assert len(answers.losses) == len(answers.outputs) == len(answers.labels)
    assert 0 < len(answers.labels) <= 20
    assert torch.equal(answers.labels, points.labels[: len(answers.labels)])


@pytest.mark.parametrize(
    ("score", "text"),
    [(0.91234, "0.9123"), (1234.5, "1,234.5000"), (0.0, "0.0000"), (1.23456e-5, "1.235e-05")],
)
def test_a_small_score_is_shown_with_its_digits_not_as_zero(score, text):
    assert score_text(score) == text
