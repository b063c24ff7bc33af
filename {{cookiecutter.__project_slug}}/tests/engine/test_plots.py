"""The pictures that a run leaves: curves with any metrics, confusion, letters of any language."""

import pytest
import torch
import toy
from matplotlib.figure import Figure

from engine.plots import (
    cut,
    draw_classes,
    draw_curves,
    draw_numbers,
    draw_table,
    save_figure,
    width,
)


@pytest.fixture
def drawn(monkeypatch):
    """Collect the figures that are saved, as lists of lines: (label, x, y) for each panel."""
    figures = []

    def save(figure, file, **options):
        file.write(b"a picture")
        panels = []
        for axes in figure.axes:
            lines = axes.get_lines()
            panels.append([(line.get_label(), *map(list, line.get_data())) for line in lines])
        figures.append(panels)

    monkeypatch.setattr(Figure, "savefig", save)
    return figures


def test_curves_show_the_loss_and_each_metric(tmp_path, drawn):
    history = [
        {"epoch": 1, "train_loss": 3.0, "train_accuracy": 0.2, "val_loss": 4.0, "val_f1": 0.1},
        {"epoch": 2, "train_loss": 2.0, "train_accuracy": 0.3, "val_loss": 5.0, "val_f1": 0.4},
    ]
    draw_curves(history, history[0], tmp_path)
    ((loss, f1),) = drawn
    assert loss[0] == ("train loss", [1, 2], [3.0, 2.0])
    assert loss[1] == ("val loss", [1, 2], [4.0, 5.0])
    assert f1[0] == ("val f1", [1, 2], [0.1, 0.4])
    assert loss[2][:2] == f1[1][:2] == ("best epoch", [1, 1])
    assert (tmp_path / "curves.png").exists()


def test_a_metric_that_some_epochs_lack_never_breaks_the_curves(tmp_path, drawn):
    history = [
        {"epoch": 1, "train_loss": 3.0, "val_loss": 4.0, "val_old": 0.1},
        {"epoch": 2, "train_loss": 2.0, "val_loss": 5.0, "val_new": 0.4},
    ]
    draw_curves(history, history[1], tmp_path)
    ((_, new),) = drawn
    assert new[0] == ("val new", [2], [0.4])


@pytest.mark.parametrize("count", [0, 1, 2, 5, 30])
def test_curves_of_any_number_of_metrics_are_drawn(tmp_path, count):
    row = {"epoch": 1, "val_loss": 4.0} | {f"val_m{number}": 0.5 for number in range(count)}
    draw_curves([row], row, tmp_path)
    assert (tmp_path / "curves.png").read_bytes()[:4] == b"\x89PNG"


def test_a_training_with_own_metrics_draws_its_curves(tiny, monkeypatch, drawn):
    def f1(outputs, labels):
        return 0.5

    monkeypatch.setattr(toy, "metrics", lambda info: [f1])
    toy.train(tiny)
    ((_, panel),) = drawn
    assert panel[0] == ("val f1", [1, 2], [0.5, 0.5])


def test_of_many_classes_those_that_are_confused_are_shown():
    labels = torch.arange(50).repeat(2)
    predictions = labels.clone()
    predictions[48] = 49
    picture = draw_classes(predictions, labels, [f"class {number}" for number in range(50)])
    (axes,) = picture.figure.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert len(names) == 40
    assert names[-2:] == ["class 48", "class 49"]
    assert [picture.scores["per_class"][name]["recall"] for name in names[-2:]] == [0.5, 1]


def test_classes_that_the_data_have_not_are_no_error():
    picture = draw_classes(torch.tensor([0, 1]), torch.tensor([0, 0]), ["a", "b", "never"])
    assert picture.scores["per_class"]["never"]["support"] == 0


def test_classes_of_any_name_are_drawn(tmp_path):
    labels = torch.arange(4)
    picture = draw_classes(labels, labels, ["$x^{", "한글", "<b>\n\t", "\ud800"])
    save_figure(picture.figure, tmp_path / picture.name)
    figure = draw_table({"$x^{": ["\ud800", "한글"]}, ["true"], [["$"], ["\n"]], "a title")
    save_figure(figure, tmp_path / "table.png", margins=False)


def test_numbers_are_drawn_against_the_true_ones(tmp_path):
    picture = draw_numbers(torch.rand(9), torch.rand(9))
    picture.figure.savefig(tmp_path / picture.name)
    assert (tmp_path / "predicted.png").exists()


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
