"""Why an answer is given to a row: noise does not count, and a changed cell really flips it."""

import csv
import json
import random

import pytest
import torch
from torch import nn

from config import Config
from data import Info, load_data, read_inputs
from engine.answers import answer
from engine.checkpoint import LoadedModel, load_model
from eval import main as evaluate
from model import build_model
from tools.form_fields import describe_form
from tools.importance import REPEATS, columns_of, importances
from tools.run_files import read_run
from tools.texts import WHY
from tools.why import Line, ask_rows, explain, explain_row, smallest_change
from tools.why_mistakes import explain_mistakes
from train import train

ROWS = 500


def write(path, columns):
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([columns, *zip(*columns.values(), strict=True)])
    return str(path)


def table():
    """Return columns of all kinds. The size and the colour decide; the noise has no say."""
    draw = random.Random(0)
    columns = {name: [] for name in ("size", "colour", "day", "gaps", "noise", "price", "kind")}
    for _ in range(ROWS):
        size = draw.uniform(0, 10)
        colour = draw.choice(["red", "blue"])
        columns["size"].append(f"{size:.2f}")
        columns["colour"].append(colour)
        columns["day"].append(f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}")
        columns["gaps"].append(draw.choice(["", f"{draw.randint(1, 9)}"]))
        columns["noise"].append(f"{draw.gauss(0, 1):.3f}")
        worth = size + 4 * (colour == "red")
        columns["price"].append(f"{100 + 10 * worth:.1f}")
        columns["kind"].append("큰 것" if worth > 7 else "작은 것" if worth > 4 else "tiny")
    return columns


def trained(folder, target, drop):
    """Train on that table; return the folder of the run."""
    path = write(folder / "table.csv", table())
    config = Config(data=path, target=target, drop=(drop,), epochs=15, batch_size=32, width=32)
    run_dir = str(folder / "run")
    return train(Config(**{**vars(config), "device": "cpu", "run_dir": run_dir}))


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    """The folder of a run that tells three classes apart."""
    return trained(tmp_path_factory.mktemp("classes"), "kind", "price")


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    """The folder of a run that predicts a number."""
    return trained(tmp_path_factory.mktemp("numbers"), "price", "kind")


def load(folder):
    """Return the model of a run, and what its form asks for."""
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model)
    return loaded, describe_form(folder, loaded)


def rows_of(count):
    """Return some rows of the table, without what is to be predicted."""
    columns = table()
    names = [name for name in columns if name not in ("price", "kind")]
    return [{name: columns[name][row] for name in names} for row in range(count)]


def test_noise_has_no_importance_and_what_decides_has(classes):
    loaded, _ = load(classes)
    data = load_data(loaded.config)

    def accuracy(outputs, labels):
        return (outputs.argmax(dim=1) == labels).float().mean().item()

    batch = data.test.batch(torch.arange(len(data.test)))
    found = {one.column: one for one in importances(loaded, batch, accuracy, lower=False)}
    assert set(found) == {"size", "colour", "day", "gaps", "noise"}
    assert not found["noise"].counts
    assert abs(found["noise"].lost) < 0.05
    assert found["size"].counts
    assert found["colour"].counts
    assert next(iter(found)) == "size"


def test_of_many_columns_those_are_measured_that_lose_most_at_first(classes, monkeypatch):
    from tools import importance

    loaded, _ = load(classes)
    data = load_data(loaded.config)

    def accuracy(outputs, labels):
        return (outputs.argmax(dim=1) == labels).float().mean().item()

    monkeypatch.setattr(importance, "MOST_MEASURED", 2)
    batch = data.test.batch(torch.arange(len(data.test)))
    found = importances(loaded, batch, accuracy, lower=False)
    assert [one.column for one in found] == ["size", "colour"]
    said = importance.in_words(found, columns=5)
    assert said.endswith(WHY["some_columns"].format(all=5))


def test_an_error_that_rises_counts_as_a_loss(numbers):
    loaded, _ = load(numbers)
    data = load_data(loaded.config)

    def mae(outputs, labels):
        return (outputs - labels).abs().mean().item()

    batch = data.test.batch(torch.arange(len(data.test)))
    found = {one.column: one for one in importances(loaded, batch, mae, lower=True)}
    assert found["size"].lost > 5
    assert not found["noise"].counts


def test_all_parts_of_a_date_belong_to_one_column(classes):
    loaded, _ = load(classes)
    places = columns_of(loaded.info)
    of_numbers, of_categories = places["day"]
    assert len(of_numbers) > 1
    assert of_categories == []
    assert places["colour"] == ([], [0])
    together = sorted(place for of, _ in places.values() for place in of)
    assert together == list(range(len(loaded.info.numbers)))


def test_the_changed_cell_flips_the_answer_when_it_is_asked_about(classes, tmp_path):
    loaded, described = load(classes)
    flipped = 0
    for row in rows_of(12):
        before = ask_rows(loaded, [row])[0].argmax()
        change = smallest_change(loaded, described, row)
        assert change is not None
        path = write(tmp_path / "changed.csv", {k: [v] for k, v in row.items()})
        assert answer(loaded.model, read_inputs((path,), loaded.info))[0].argmax() == before
        changed = {**row, change.column: change.cell}
        path = write(tmp_path / "changed.csv", {k: [v] for k, v in changed.items()})
        after = answer(loaded.model, read_inputs((path,), loaded.info))[0]
        assert after.argmax() == change.outputs.argmax() != before
        assert change.column in ("size", "colour")
        said = explain_row(loaded, described, row)
        name = loaded.info.classes[int(after.argmax())]
        changed = WHY["changed"].format(
            column=f"<strong>{change.column}</strong>", new=change.cell, old=row[change.column]
        )
        chance = f"{after.softmax(dim=0).max():.1%}"
        assert said == WHY["flips"].format(changed=changed, name=name, chance=chance)
        flipped += 1
    assert flipped == 12


def test_no_smaller_change_of_that_column_flips_the_answer(classes):
    loaded, described = load(classes)
    (size,) = [about for about in described["fields"] if about["name"] == "size"]
    line = Line(size)
    checked = 0
    for row in rows_of(12):
        change = smallest_change(loaded, described, row)
        if change is None or change.column != "size":
            continue
        before = ask_rows(loaded, [row])[0].argmax()
        own, new = line.place(row["size"]), line.place(change.cell)
        step = size["step"] / (size["most"] - size["least"])
        nearer = torch.linspace(own, new, 40)[:-1].tolist()
        nearer = [place for place in nearer if abs(place - new) > 1.5 * step]
        outputs = ask_rows(loaded, [{**row, "size": line.cell(place)} for place in nearer])
        assert (outputs.argmax(dim=1) == before).all()
        checked += 1
    assert checked > 3


def test_a_number_says_which_cell_moves_it_furthest(numbers):
    loaded, described = load(numbers)
    row = rows_of(1)[0]
    change = smallest_change(loaded, described, row)
    assert change.column == "size"
    before, after = ask_rows(loaded, [row, {**row, "size": change.cell}]).tolist()
    assert abs(after - before) > 30
    said = explain_row(loaded, described, row)
    assert f"{before:,.7g}" in said
    assert f"{after:,.7g}" in said


def test_missing_cells_and_a_file_of_the_form_are_explained(classes, tmp_path):
    loaded, described = load(classes)
    row = {"size": 3.5, "colour": "red", "day": None, "gaps": None, "noise": 0.0}
    path = tmp_path / "row.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    assert "</strong>" in explain(loaded, described, path)


def test_values_are_written_as_the_form_writes_them():
    whole = {"kind": "slider", "name": "rooms", "least": 1, "most": 9, "step": 1.0}
    assert [Line(whole).cell(place) for place in (0, 0.3, 1)] == ["1", "3", "9"]
    fine = {"kind": "slider", "name": "x", "least": 0.0, "most": 0.5, "step": 0.001}
    assert Line(fine).cell(0.25) == "0.125"
    day = {"kind": "date", "name": "day", "first": "2024-01-01", "last": "2024-01-11"}
    assert [Line(day).cell(place) for place in (0, 0.5)] == ["2024-01-01", "2024-01-06"]
    clock = {"kind": "date", "name": "at", "first": "08:00", "last": "10:00"}
    assert Line(clock).cell(0.5) == "09:00"
    for about in (whole, fine, day, clock):
        line = Line(about)
        assert line.place(line.cell(0.5)) == pytest.approx(0.5)
        assert line.place("") is None
        assert line.place("그런 것") is None


class Constant(nn.Module):
    """Answers the same to all rows."""

    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.tensor([[1.0, 0.0, 0.0]]))

    def forward(self, numbers, categories):
        return self.logits.expand(len(numbers), -1)


def test_of_a_model_that_always_answers_the_same_no_cell_flips_it_and_none_counts(classes):
    loaded, described = load(classes)
    constant = LoadedModel(Constant().eval(), loaded.config, loaded.info, {})
    said = explain_row(constant, described, rows_of(1)[0])
    assert said == WHY["no_cell"]
    batch = load_data(loaded.config).test.batch(torch.arange(50))
    found = importances(constant, batch, lambda outputs, labels: float(outputs.mean()), lower=False)
    assert found
    assert not any(one.counts for one in found)


def test_a_wide_table_is_asked_about_few_values_of_each_column(classes, monkeypatch):
    from tools import why

    loaded, described = load(classes)
    asked = []

    def ask_rows(loaded, rows):
        asked.append(len(rows))
        return torch.tensor([[1.0, 0.0, 0.0]]).repeat(len(rows), 1)

    monkeypatch.setattr(why, "ask_rows", ask_rows)
    wide = [{**described["fields"][0], "name": f"x{number}"} for number in range(700)]
    smallest_change(loaded, {"fields": wide}, {about["name"]: "1" for about in wide})
    assert max(asked) <= why.MOST_ROWS


def test_the_report_says_which_cell_and_which_columns(numbers):
    evaluate(run_dir=str(numbers), device="cpu", baseline=False)
    loaded, _ = load(numbers)
    scores = read_run(numbers).scores
    explained = explain_mistakes(loaded, load_data(loaded.config), scores, numbers)
    assert len(explained.mistakes) == len(scores.mistakes) == 5
    assert all("<strong>" in said for said in explained.mistakes)
    assert explained.columns is not None
    assert (numbers / explained.columns.file).read_bytes().startswith(b"\x89PNG")
    assert explained.columns.words.startswith(WHY["importance"].format(count=5, times=REPEATS))
