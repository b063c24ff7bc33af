"""The picture of the worst mistakes: which it shows, and what stands above each."""

import math
from typing import Any

import pytest
import torch

from engine import mistakes
from engine.dataset import Info
from engine.evaluation import Answers
from engine.mistakes import confusions, draw_mistakes, find_mistakes, worst_mistakes

LABELS = torch.arange(60) % 3
LOGITS = torch.randn(60, 3, generator=torch.Generator().manual_seed(0))


def answers_of(outputs, labels):
    return Answers(torch.zeros(len(labels)), outputs, labels)


@pytest.fixture
def draw(monkeypatch):
    """Draw mistakes, and return what is drawn: the examples, the names, the texts, the title."""

    def show(dataset, indices, info):
        return indices

    def draw_examples(shown, names, said, title):
        return shown, names, said, title

    monkeypatch.setattr(mistakes, "show_examples", show)
    monkeypatch.setattr(mistakes, "draw_examples", draw_examples)

    def run(outputs, labels, classes):
        return draw_mistakes(None, answers_of(outputs, labels), Info(classes=classes))

    return run


def test_the_most_confident_mistake_comes_first():
    answers = answers_of(LOGITS, LABELS)
    wrong, sure = find_mistakes(answers)
    assert len(wrong) > 3
    expected = torch.nonzero(LOGITS.argmax(dim=1) != LABELS).flatten().tolist()
    assert sorted(wrong.tolist()) == expected
    assert sure.tolist() == sorted(sure.tolist(), reverse=True)
    probabilities = LOGITS.softmax(dim=1)
    torch.testing.assert_close(sure, probabilities[wrong, answers.predictions[wrong]])


def test_a_mistake_is_shown_with_both_classes_whatever_these_are_called(draw):
    classes = ["$x^{", "한글", "<b>\n\t"]
    logits = torch.eye(3)[LABELS] * 10
    logits[7] = torch.tensor([10.0, 0.0, 0.0])  # it is of class 1
    shown, names, said, title = draw(logits, LABELS, classes)
    assert shown == [7]
    assert names == ["true", "predicted", "probability"]
    assert said == [["한글", "$x^{", "100.0%"]]
    assert title == "1 of 60 answers wrong, the surest first"


def test_of_a_model_without_mistakes_this_is_said(draw):
    shown, _, said, title = draw(torch.eye(3)[LABELS], LABELS, ["a", "b", "c"])
    assert (shown, said) == ([], [])
    assert title == "none of 60 answers wrong, the surest first"


def test_of_many_mistakes_the_worst_24_are_shown(draw):
    shown, _, said, _ = draw(-10 * torch.eye(3)[LABELS], LABELS, ["a", "b", "c"])
    assert len(shown) == len(said) == 24


class Sequence(Info):
    """Says that each place of an input has a label."""

    is_sequence = True


def test_of_sequences_those_come_first_that_are_foreseen_worst(draw):
    losses = torch.tensor([0.5, 2.0, 1.0, 0.25]) * math.log(2)
    places = torch.zeros(4, 3)
    answers = Answers(losses, places, places.long())
    assert find_mistakes(answers).indices.tolist() == [1, 2, 0, 3]
    drawn: Any = draw_mistakes(None, answers, Sequence())  # the fixture hands the pieces over
    shown, names, said, title = drawn
    assert shown == [1, 2, 0, 3]
    assert names == ["bits per character"]
    assert said == [["2.00"], ["1.00"], ["0.50"], ["0.25"]]
    assert title == "the hardest to foresee of 4 examples"


def test_numbers_are_shown_beside_the_truth_the_largest_error_first(draw):
    labels = torch.tensor([10.0, 20.0, 30.0])
    outputs = torch.tensor([10.0, 20.5, 1_230.0])
    shown, names, said, title = draw(outputs, labels, [])
    assert shown == [2, 1]
    assert names == ["true", "predicted", "off by"]
    assert said == [["30", "1,230", "+1,200"], ["20", "20.5", "+0.5"]]
    assert title == "the largest errors of 3 answers"


def test_the_worst_mistakes_are_listed_without_the_examples():
    logits = torch.eye(3)[[0, 1, 1, 2]] * torch.tensor([[1.0], [9.0], [2.0], [1.0]])
    answers = answers_of(logits, torch.tensor([0, 0, 0, 1]))
    info = Info(classes=["a", "b", "c"])
    first, second, third = worst_mistakes(answers, info)
    assert (first["true"], first["predicted"]) == ("a", "b")
    assert first["probability"] > second["probability"] > third["probability"]
    assert (third["true"], third["predicted"]) == ("b", "c")
    assert [one["index"] for one in (first, second, third)] == [1, 2, 3]
    assert confusions(answers, info) == [
        {"true": "a", "predicted": "b", "count": 2},
        {"true": "b", "predicted": "c", "count": 1},
    ]
    answers = answers_of(torch.tensor([1.0, 5.0, 2.0]), torch.tensor([1.5, 2.0, 2.0]))
    listed = worst_mistakes(answers, Info())
    assert listed == [
        {"index": 1, "true": 2.0, "predicted": 5.0},
        {"index": 0, "true": 1.5, "predicted": 1.0},
    ]
    assert confusions(answers, Info()) == []


def test_of_right_answers_and_of_sequences_there_are_no_mistakes_to_list():
    class Sequence(Info):
        is_sequence = True

    right = answers_of(torch.eye(2), torch.arange(2))
    assert worst_mistakes(right, Info(classes=["a", "b"])) == []
    assert confusions(right, Info(classes=["a", "b"])) == []
    losses = torch.rand(3, 4)
    windows = Answers(losses.mean(dim=1), losses, torch.zeros(3, 4).long())
    assert worst_mistakes(windows, Sequence()) == confusions(windows, Sequence()) == []
