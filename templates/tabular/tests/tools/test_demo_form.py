"""What the page of tools.demo asks for: the answer to a row is that of predict.py."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch

from config import Config
from data import Info
from engine.checkpoint import load_model
from eval import main as evaluate
from model import build_model
from predict import main as predict
from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from tools import demo_form  # noqa: E402
from tools.demo_answer import Answerer, Form  # noqa: E402
from tools.form_fields import describe_form  # noqa: E402

MIXED = {
    "whole": [f"{number % 10}" for number in range(30)],
    "small": [f"{number / 1000}" for number in range(30)],
    "gaps": ["", *[f"{number}.5" for number in range(29)]],
    "colour": ["red", "blue", "blue"] * 10,
    "joined": [f"2024-0{number % 9 + 1}-{number % 28 + 1:02} 13:05" for number in range(30)],
    "price": [f"{number * number}.25" for number in range(30)],
}


class Page(NamedTuple):
    """What stands behind the page of a run."""

    folder: Path
    form: Form
    answerer: Answerer

    @property
    def fields(self) -> dict[str, Any]:
        """The fields by their names."""
        return {field.label: field for field in self.form.fields}

    def answer(self, row: Iterable[Any]):
        """Return what is answered to a row."""
        return self.answerer.answer(self.form, *row)

    def examples(self) -> list[list[str]]:
        """Return the rows that eval.py left."""
        with (self.folder / "examples" / "rows.csv").open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
        return rows


def open_page(config):
    """Train, and return the page of the run."""
    folder = train(config)
    evaluate(run_dir=str(folder), device="cpu", baseline=False)
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model)
    with gr.Blocks():
        form = demo_form.build_form(folder, loaded, describe_form(folder, loaded))
    return Page(folder, form, Answerer(loaded))


@pytest.fixture
def mixed(tmp_path, if_it_fits):
    """The page of a table with all kinds of columns, and a number to predict."""
    path = tmp_path / "mixed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MIXED)
        writer.writerows(zip(*MIXED.values(), strict=True))
    config = Config(data=str(path), target="price", regression=True, epochs=1, device="cpu")
    with if_it_fits():
        return open_page(replace(config, run_dir=str(tmp_path / "run")))


def predicted(folder, capsys):
    """Return what predict.py answers to the examples."""
    capsys.readouterr()
    predict(run_dir=str(folder), device="cpu")
    return [line.partition(": ")[2] for line in capsys.readouterr().out.splitlines()]


def test_a_row_gets_the_answer_of_predict(tiny, capsys):
    page = open_page(tiny)
    rows = page.examples()
    lines = predicted(page.folder, capsys)
    assert len(rows) == len(lines) == 5
    for row, line in zip(rows, lines, strict=True):
        bars, words = page.answer([float(cell) for cell in row])
        assert words == line
        best = max(bars, key=bars.get)
        assert words.startswith(f"{best} {bars[best]:.1%}, ")


def test_the_form_begins_with_an_answer(tiny):
    page = open_page(tiny)
    bars, _ = page.answer([field.value for field in page.form.fields])
    assert sum(bars.values()) == pytest.approx(1)


def test_a_number_is_answered_with_a_number(mixed, capsys):
    lines = predicted(mixed.folder, capsys)
    for (whole, small, gaps, joined, colour), line in zip(mixed.examples(), lines, strict=True):
        row = [float(whole), float(small), float(gaps) if gaps else None, joined, colour]
        assert mixed.answer(row) == (line, line)


def test_each_column_has_a_field_within_what_training_has_seen(mixed):
    assert list(mixed.fields) == ["whole", "small", "gaps", "joined", "colour"]
    whole, small, gaps, joined, colour = mixed.form.fields
    assert isinstance(joined, gr.Textbox)
    assert joined.value.startswith("2024-0")
    assert isinstance(whole, gr.Slider)
    assert 0 <= whole.minimum < whole.value < whole.maximum <= 9
    assert whole.step == 1
    assert whole.value % 1 == 0
    assert 0 <= small.minimum < small.value < small.maximum <= 0.029
    assert small.step <= 0.001
    assert isinstance(gaps, gr.Number)  # a slider cannot be left empty
    assert gaps.value is None
    assert colour.value == "blue"
    assert [value for _, value in colour.choices] == ["blue", "red"]


def test_a_row_beyond_what_training_has_seen_is_no_example(mixed):
    fields = mixed.form.fields
    day = "2024-01-05"
    assert demo_form.read_row(fields, ("5", "0.015", "", day, "red")) == [
        5,
        0.015,
        None,
        day,
        "red",
    ]
    assert demo_form.read_row(fields, ("99", "0.015", "", day, "red")) is None
    assert demo_form.read_row(fields, ("", "0.015", "", day, "red")) is None
    assert demo_form.read_row(fields, ("5", "0.015", "", day, "green")) is None


def test_what_no_field_can_hold_is_told_in_one_line(mixed):
    row = [field.value for field in mixed.form.fields]
    wrong = [
        "x" * 200,
        True,
        {},
        [],
        float("nan"),
        float("inf"),
        -1e999,
        10**400,
        {"path": "/etc/passwd"},
    ]
    for place, name in enumerate(mixed.fields):
        for value in wrong:
            bars, line = mixed.answer([*row[:place], value, *row[place + 1 :]])
            assert bars is None
            assert line.startswith(f"{name}: ")
            assert "\n" not in line
