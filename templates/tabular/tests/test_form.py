"""What demo.py asks for: the answer to a row is that of predict.py."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from eval import main as evaluate
from predict import main as predict
from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from extras import form, page  # noqa: E402

MIXED = {
    "whole": [str(n % 10) for n in range(30)], "small": [f"{n / 1000}" for n in range(30)],
    "gaps": ["", *(f"{n}.5" for n in range(29))], "colour": ["red", "blue", "blue"] * 10,
    "price": [f"{n * n}.25" for n in range(30)],
}  # fmt: skip


def ask(config):
    """Return the run, its fields by their names, and a function that answers for a row."""
    folder = Path(train(config))
    evaluate(run_dir=str(folder), device="cpu", baseline=False)
    answer, config, state = page.make_answer(folder, "cpu")
    with gr.Blocks():
        _, fields, write = form.build_form(folder, config, state)
    return folder, {field.label: field for field in fields}, lambda row: answer(write, *row)


@pytest.fixture
def mixed(tmp_path):
    """Return the same for a table with all kinds of columns, and a number to predict."""
    with (tmp_path / "mixed.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([MIXED, *zip(*MIXED.values(), strict=True)])
    data, run_dir = str(tmp_path / "mixed.csv"), str(tmp_path / "run")
    config = Config(data=data, target="price", regression=True, device="cpu", run_dir=run_dir)
    return ask(replace(config, epochs=1))


def read_rows(folder):
    with (folder / "examples" / "rows.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file)][1:]


def test_a_row_gets_the_answer_of_predict(tiny, capsys):
    folder, fields, answer = ask(tiny)
    rows = read_rows(folder)
    capsys.readouterr()
    predict(run_dir=str(folder), device="cpu")
    said = capsys.readouterr().out.splitlines()
    assert len(rows) == len(said) == 5
    for number, (row, line) in enumerate(zip(rows, said, strict=True), 1):
        bars, words = answer(map(float, row))
        assert line == f"row {number}: {words}"
        best = max(bars, key=bars.get)
        assert words.startswith(f"{best} {bars[best]:.1%}, ")
    bars, _ = answer(field.value for field in fields.values())
    assert max(bars, key=bars.get) == "benign"  # as most of them are


def test_a_number_is_answered_with_a_number(mixed, capsys):
    folder, _, answer = mixed
    capsys.readouterr()
    predict(run_dir=str(folder), device="cpu")
    said = [line.partition(": ")[2] for line in capsys.readouterr().out.splitlines()]
    rows = [[float(a), float(b), float(c) if c else None, d] for a, b, c, d in read_rows(folder)]
    assert [answer(row) for row in rows] == [(line, line) for line in said]


def test_each_column_has_a_field_within_what_training_has_seen(mixed):
    _, fields, _ = mixed
    assert [*fields] == ["whole", "small", "gaps", "colour"]
    whole, small, gaps, colour = fields.values()
    assert isinstance(whole, gr.Slider)
    assert 0 <= whole.minimum < whole.value < whole.maximum <= 9
    assert (whole.step, whole.value % 1) == (1, 0)
    assert 0 <= small.minimum < small.value < small.maximum <= 0.029
    assert small.step <= 0.001
    assert isinstance(gaps, gr.Number)  # a slider cannot be left empty
    assert gaps.value is None
    assert colour.value == "blue"
    assert [value for _, value in colour.choices] == ["blue", "red"]


def test_a_row_beyond_what_training_has_seen_is_no_example(mixed):
    _, fields, _ = mixed
    fields = [*fields.values()]
    assert form.read_row(fields, ("5", "0.015", "", "red")) == [5, 0.015, None, "red"]
    assert form.read_row(fields, ("0", "0.015", "7", "red"))[0] == 0 or fields[0].minimum > 0
    for row in (("99", "0.015", "", "red"), ("", "0.015", "", "red"), ("5", "0.015", "", "green")):
        assert form.read_row(fields, row) == []
