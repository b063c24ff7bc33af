"""What eval.py leaves: pictures, scores, examples; and whether predict.py answers as it does."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import toy
from matplotlib.figure import Figure

from engine import mistakes, report_card
from engine.checkpoint import load_model
from engine.dataset import Info, Inputs
from engine.evaluation import Answers, evaluate
from engine.loader import make_loader
from engine.metrics import Comparison, Interval, accuracy, macro_f1, name_of
from engine.report_card import (
    Plots,
    Result,
    Simpler,
    advise_on_classes,
    compare_with_predict,
    draw_plots,
    measure_baselines,
    print_scores,
    write_scores,
)


@pytest.fixture(params=[False, True], ids=["classes", "numbers"])
def trained(request, tiny):
    """A trained model, the test points, and its answers to them."""
    config = replace(tiny, numbers=request.param)
    folder = toy.train(config)
    loaded = load_model(folder, torch.device("cpu"), toy.Config, toy.Info, toy.build_model)
    dataset = toy.load_data(config).test
    loader = make_loader(dataset, 1024, toy.Config())
    return loaded, dataset, evaluate(loaded.model, loader, toy.compute_loss, config)


@pytest.fixture
def read_inputs(monkeypatch):
    """Let examples be files of numbers, and return what reads them again."""

    def save(dataset, indices, info, folder):
        paths = []
        for number, index in enumerate(indices):
            path = folder / f"{number}.txt"
            path.write_text(json.dumps(dataset[index][0].tolist()), encoding="utf-8")
            paths.append(path)
        return paths

    def read(words, info):
        points = []
        for word in words:
            points.append(torch.tensor(json.loads(Path(word).read_text(encoding="utf-8"))))
        return Inputs(list(words), {"point": list(words)}, points)

    monkeypatch.setattr(report_card, "save_examples", save)
    return read


def compare(trained, read_inputs, folder):
    loaded, dataset, answers = trained
    compare_with_predict(loaded, dataset, answers, read_inputs, folder)


def test_where_predict_answers_alike_nothing_is_said(trained, read_inputs, tmp_path, capsys):
    capsys.readouterr()
    compare(trained, read_inputs, tmp_path)
    assert not capsys.readouterr().out
    assert len(list((tmp_path / "examples").iterdir())) == 5


def test_where_predict_answers_otherwise_it_is_said(trained, read_inputs, tmp_path, capsys):
    def read_otherwise(words, info):
        inputs = read_inputs(words, info)
        inputs.examples = [4 - 3 * point for point in inputs.examples]
        return inputs

    capsys.readouterr()
    compare(trained, read_otherwise, tmp_path)
    said = capsys.readouterr().out
    assert said.startswith("warning: predict.py answers otherwise to ")
    assert "of 5 examples: does the dataset in data.py make its inputs with read_input" in said
    assert said.count("\n") == 1


def test_examples_that_cannot_be_written_are_no_error(trained, monkeypatch, tmp_path, capsys):
    def save(*_):
        raise AttributeError("no columns")

    monkeypatch.setattr(report_card, "save_examples", save)
    capsys.readouterr()
    compare(trained, None, tmp_path)
    said = capsys.readouterr().out
    assert said.startswith("note: no examples for predict.py, these cannot be written")


def test_of_few_answers_each_is_an_example(trained, read_inputs, tmp_path):
    loaded, dataset, answers = trained
    two = type(answers)(*[values[:2] for values in answers])
    compare_with_predict(loaded, dataset, two, read_inputs, tmp_path)
    assert len(list((tmp_path / "examples").iterdir())) == 2


def test_pictures_are_drawn_and_examples_that_cannot_be_drawn_are_no_error(
    trained, monkeypatch, tmp_path, capsys
):
    def draw(*_):
        raise TypeError("no picture")

    monkeypatch.setattr(report_card, "draw_mistakes", draw)
    loaded, dataset, answers = trained
    plots = draw_plots(dataset, answers, loaded.info, tmp_path)
    name = "confusion.png" if loaded.info.classes else "predicted.png"
    assert plots.files == [name]
    assert (tmp_path / name).read_bytes()[:4] == b"\x89PNG"
    assert "note: no picture of the mistakes, these examples cannot be" in capsys.readouterr().out
    if loaded.info.classes:
        per_class = plots.scores["per_class"]
        right = sum(one["recall"] * one["support"] for one in per_class.values())
        assert right == pytest.approx((answers.predictions == answers.labels).sum().item())


class Sequence(Info):
    """Says that each place of an input has a label."""

    is_sequence = True


def test_of_sequences_it_is_drawn_how_hard_each_place_is(monkeypatch, tmp_path):
    losses = torch.tensor([[3.0, 1.0], [2.0, 0.0]])
    answers = Answers(losses.mean(dim=1), losses, torch.zeros(2, 2).long())
    drawn = []
    draw_places = report_card.draw_places

    def draw(*given):
        drawn.append(draw_places(*given))
        return drawn[0]

    monkeypatch.setattr(report_card, "draw_places", draw)
    monkeypatch.setattr(report_card, "draw_mistakes", lambda *_: Figure())
    plots = draw_plots(None, answers, Sequence(), tmp_path)
    assert plots.files == ["context.png", "mistakes.png"]
    assert (tmp_path / "context.png").read_bytes()[:4] == b"\x89PNG"
    (line,) = drawn[0].figure.axes[0].lines
    assert line.get_xdata().tolist() == [1, 2]
    assert line.get_ydata().tolist() == pytest.approx([2.5 / math.log(2), 0.5 / math.log(2)])


def test_of_sequences_examples_are_left_and_no_answers_compared(
    trained, read_inputs, tmp_path, capsys
):
    loaded, dataset, answers = trained
    loaded = replace(loaded, info=Sequence())
    capsys.readouterr()
    nothing: Any = None  # no inputs are read
    compare_with_predict(loaded, dataset, answers, nothing, tmp_path)
    assert not capsys.readouterr().out
    assert len(list((tmp_path / "examples").iterdir())) == 5


class NeverEnds:
    """Has examples at other indices, too, as a dataset that computes them."""

    def __init__(self, dataset):
        self.dataset = dataset

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        return self.dataset[index % len(self.dataset)]


def test_simpler_models_are_measured_by_the_same_metrics(trained, monkeypatch, capsys):
    loaded, dataset, answers = trained
    metrics = toy.metrics(loaded.info)

    def perfect(train, test, info, settings):
        outputs = answers.labels
        if info.classes:
            outputs = torch.eye(len(info.classes))[answers.labels]
        yield "a perfect one", outputs
        raise ValueError("no such columns")

    monkeypatch.setattr(report_card, "baselines", perfect)
    test = NeverEnds(dataset)
    found = measure_baselines(None, test, answers, loaded.info, loaded.config, metrics)
    assert list(found) == ["a perfect one"]
    best = {"accuracy": 1.0} if loaded.info.classes else {"mae": 0.0, "rmse": 0.0, "r2": 1.0}
    assert found["a perfect one"].scores == best
    if loaded.info.classes:
        assert found["a perfect one"].intervals["accuracy"].high == 1
    comparison = found["a perfect one"].comparison
    assert comparison is not None
    assert comparison.metric == next(iter(best))
    assert comparison.verdict != "better"
    assert "note: no simpler models, they cannot read these examples" in capsys.readouterr().out


def test_models_are_compared_by_what_the_training_was_told_to_be_best_by(trained, monkeypatch):
    loaded, dataset, answers = trained
    metrics = toy.metrics(loaded.info)

    def same(*_):
        yield "the same", answers.outputs

    monkeypatch.setattr(report_card, "baselines", same)
    config = replace(loaded.config, best_by=name_of(metrics[-1]))
    found = measure_baselines(None, dataset, answers, loaded.info, config, metrics)
    assert found["the same"].comparison == (name_of(metrics[-1]), "unclear", 1.0)
    found = measure_baselines(None, dataset, answers, loaded.info, config, [])
    assert found["the same"] == Simpler({}, None)


def result_of(answers):
    """Return a result with an interval, and a simpler model that is worse."""
    scores = {"accuracy": 0.5, "f1": 0.25}
    simpler = {
        "another": Simpler(
            {"accuracy": 0.75},
            Comparison("accuracy", "worse", 0.004),
            {"accuracy": Interval(0.6, 0.9)},
        )
    }
    return Result("val", answers, scores, {"accuracy": Interval(0.35, 0.65)}, simpler)


def test_the_scores_are_written_as_json(trained, tmp_path):
    loaded, _, answers = trained
    plots = Plots(["a.png"], {"per_class": {}})
    write_scores(tmp_path, result_of(answers), plots, loaded.info, epoch=3)
    written = json.loads((tmp_path / "eval.json").read_text(encoding="utf-8"))
    assert written.pop("mistakes") == mistakes.worst_mistakes(answers, loaded.info)
    assert written.pop("confusions") == mistakes.confusions(answers, loaded.info)
    assert written == {
        "split": "val",
        "n": 40,
        "model": {"epoch": 3},
        "loss": answers.losses.double().mean().item(),
        "accuracy": 0.5,
        "f1": 0.25,
        "intervals": {"accuracy": [0.35, 0.65]},
        "baselines": {"another": {"accuracy": 0.75}},
        "baseline_intervals": {"another": {"accuracy": [0.6, 0.9]}},
        "comparisons": {"another": {"metric": "accuracy", "verdict": "worse", "p": 0.004}},
        "per_class": {},
    }


def test_a_score_is_printed_with_its_interval_and_what_the_test_can_tell(trained, capsys):
    _, _, answers = trained
    capsys.readouterr()
    print_scores(result_of(answers))
    assert capsys.readouterr().out.splitlines() == [
        "val accuracy 0.5000 (0.3500 to 0.6500)  f1 0.2500  (this model)",
        "val accuracy 0.7500 (0.6000 to 0.9000)  (another)",
        "in brackets: 95 % intervals, as wide as 40 examples leave it open",
        "accuracy: worse than another (p = 0.004)",
    ]
    alike = Simpler({"f1": 0.25}, Comparison("f1", "unclear", 0.6123))
    print_scores(Result("test", answers, {"f1": 0.25}, {}, {"another": alike}))
    assert capsys.readouterr().out.splitlines() == [
        "test f1 0.2500  (this model)",
        "test f1 0.2500  (another)",
        "f1: not to be told from another by 40 examples (p = 0.61)",
    ]


def per_class(**recalls):
    return Plots(
        [], {"per_class": {name: {"recall": r, "support": 9} for name, r in recalls.items()}}
    )


def test_a_class_that_is_never_found_is_named_with_what_to_try(capsys):
    plots = per_class(common=0.9, rare=0.0, odd=0.0)
    advise_on_classes(plots, [accuracy, macro_f1], toy.Config())
    assert capsys.readouterr().out == (
        "no example is found of 'rare', 'odd': "
        "try python train.py --class-weights 0.5 --best-by macro_f1\n"
    )
    advise_on_classes(plots, [accuracy], toy.Config(class_weights=0.5))
    assert capsys.readouterr().out.endswith(": try python train.py --class-weights 1\n")
    advise_on_classes(plots, [accuracy], toy.Config(class_weights=1))
    assert capsys.readouterr().out.endswith(": it takes more examples to learn from\n")


def test_where_every_class_is_found_nothing_is_advised(capsys):
    plots = per_class(common=0.9, rare=0.1)
    plots.scores["per_class"]["absent"] = {"recall": 0.0, "support": 0}  # none to find
    advise_on_classes(plots, [accuracy, macro_f1], toy.Config())
    advise_on_classes(Plots(), [accuracy, macro_f1], toy.Config(numbers=True))
    assert capsys.readouterr().out == ""


def test_of_many_classes_that_are_never_found_some_are_named(capsys):
    advise_on_classes(per_class(**{f"c{n}": 0.0 for n in range(8)}), [accuracy], toy.Config())
    assert "of 'c0', 'c1', 'c2', 'c3', 'c4' and 3 more: try" in capsys.readouterr().out
