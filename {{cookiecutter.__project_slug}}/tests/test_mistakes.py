"""The pictures of an evaluation: which mistakes they show, and in which letters."""

import pytest
import torch
from matplotlib.table import Table
from matplotlib.text import Text

from checkpoint import load_model
from data import load_splits
from showing.mistakes import draw_mistakes, find_mistakes
from showing.plots import cut, draw_classes, width
from train import train


@pytest.fixture
def trained(tiny):
    """A model that has hardly learned, the test split, and the checkpoint."""
    model, config, state = load_model(train(tiny), torch.device("cpu"))
    return model, load_splits(config)["test"], state


def words(figure):
    cells = [cell for table in figure.findobj(Table) for cell in table.get_celld().values()]
    texts = [*figure.findobj(Text), *(cell.get_text() for cell in cells)]
    return "\n".join(text.get_text() for text in texts)


def test_the_most_confident_mistake_comes_first(trained):
    model, dataset, _ = trained
    labels = dataset.tensors[-1]
    with torch.no_grad():
        chances = model(*dataset[torch.arange(len(labels))][:-1]).softmax(dim=1)
    answers = chances.argmax(dim=1)
    wrong, sure = find_mistakes(model, dataset, answers)
    assert len(wrong) > 3
    assert set(wrong.tolist()) == {i for i in range(len(labels)) if answers[i] != labels[i]}
    assert sure.tolist() == sorted(sure.tolist(), reverse=True)
    assert torch.allclose(sure, chances[wrong, answers[wrong]], atol=1e-5)


@pytest.mark.filterwarnings("ignore:Glyph")  # where no font has Hangul
def test_a_mistake_is_shown_with_both_classes_whatever_these_are_called(trained, tmp_path):
    model, dataset, state = trained
    classes = ["$x^{", "한글", "<b>\n\t", "\ud800"]
    state["classes"] = [classes[i % 4] + str(i // 4) for i in range(len(state["classes"]))]
    answers = dataset.tensors[-1].clone()
    assert "none of" in words(draw_mistakes(model, dataset, answers, state))
    here = torch.nonzero(answers < 2)[0]
    answers[here] = 1 - answers[here]
    figure = draw_mistakes(model, dataset, answers, state)
    assert f"1 of {len(answers)} answers wrong" in words(figure)
    assert "$x^{0" in words(figure)
    assert "한글0" in words(figure)
    figure.savefig(tmp_path / "mistakes.png", bbox_inches="tight")
    _, figure, _ = draw_classes(answers, dataset.tensors[-1], state["classes"])
    figure.savefig(tmp_path / "confusion.png")


def test_of_many_classes_those_that_are_confused_are_shown():
    labels = torch.arange(50).repeat(2)
    answers = labels.clone()
    answers[48] = 49
    _, figure, scores = draw_classes(answers, labels, [f"class {i}" for i in range(50)])
    (axes,) = figure.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert len(names) == 40
    assert names[-2:] == ["class 48", "class 49"]
    assert [scores["per_class"][name]["recall"] for name in names[-2:]] == [0.5, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("한글날", "한글날"),
        ("한글날이다", "한글…"),
        ("ab\n\x1b[1m", "ab  […"),
        ("abcdefg", "abcde…"),
    ],
)
def test_a_text_is_cut_by_the_columns_it_takes(text, expected):
    assert cut(text, 6) == expected
    assert width(cut(text, 6)) <= 6
