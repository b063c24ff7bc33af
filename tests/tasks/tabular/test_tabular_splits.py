"""Splits that do not leak: by group, by time, and with identical rows together."""

import csv
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

import eval as evaluation
from config import Config
from data import load_data
from engine.settings import UserError
from train import train


def write(path, columns):
    """Write columns into a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *zip(*columns.values(), strict=True)])
    return str(path)


def visits():
    """Return 200 visits of 25 patients, who come again and again, in 200 days."""
    draw = random.Random(0)
    columns = {"patient": [], "day": [], "place": [], "size": [], "weight": [], "sick": []}
    for row in range(200):
        patient = draw.randrange(25)
        columns["patient"].append(f"환자 {patient}")
        columns["day"].append(f"2024-{row // 28 + 1:02}-{row % 28 + 1:02}")
        columns["place"].append(draw.choice(["north", "south"]))
        columns["size"].append(f"{row / 8 + 5:.3f}")
        columns["weight"].append(f"{50 + patient + draw.random():.3f}")
        columns["sick"].append("yes" if patient % 3 == 0 else "no")
    return columns


def rows_of(data, part):
    """Return which rows of the table are in a part, by the column `size`."""
    place = list(data.info.numbers).index("size")
    column = data.info.numbers["size"]
    numbers = [inputs[0][place].item() for inputs, _ in getattr(data, part)]
    sizes = [number * column["scale"] + column["center"] for number in numbers]
    return [round((size - 5) * 8) for size in sizes]


def parts_of(data):
    """Return the rows of each part."""
    return {part: rows_of(data, part) for part in ("train", "val", "test")}


@pytest.fixture
def config(tmp_path):
    """Return settings for the table of visits."""
    return Config(data=write(tmp_path / "visits.csv", visits()), target="sick", device="cpu")


def test_all_visits_of_a_patient_are_in_one_part_and_the_patient_is_no_input(config):
    data = load_data(replace(config, split_by="patient"))
    patients = visits()["patient"]
    found = {part: {patients[row] for row in rows} for part, rows in parts_of(data).items()}
    assert found["train"] | found["val"] | found["test"] == set(patients)
    assert sum(len(names) for names in found.values()) == 25
    assert "patient" not in {*data.info.numbers, *data.info.categories}
    sizes = [len(data.train), len(data.val), len(data.test)]
    assert sum(sizes) == 200
    assert sizes == pytest.approx([120, 40, 40], abs=8)
    (line,) = [note for note in data.notes if note.startswith("split by patient: ")]
    assert [int(count) for count in re.findall(r"\d+", line)] == [
        len(found[part]) for part in ("train", "val", "test")
    ]


def test_the_patient_is_an_input_where_that_is_asked_for(config):
    settings = replace(config, split_by="patient")
    asked = replace(settings, categories=("patient",))
    assert "patient" in load_data(asked).info.categories
    assert parts_of(load_data(asked)) == parts_of(load_data(settings))
    (line,) = [note for note in load_data(settings).notes if " patient " in note[:12]]
    assert "left out" in line
    assert "decides on the split; --categories patient has it as an input, too" in line


def test_dates_are_split_in_the_order_of_day_and_month_that_is_said(tmp_path, config):
    columns = visits()
    columns["day"] = [f"{row // 18 + 1:02}.{row % 18 // 2 + 1:02}.2024" for row in range(200)]
    data = write(tmp_path / "months.csv", columns)
    settings = replace(config, data=data, split_time="day")
    by_day = parts_of(load_data(settings))
    by_month = parts_of(load_data(replace(settings, dates=("day:mdy",))))
    assert set(by_month["test"]) == set(range(160, 200))
    assert set(by_day["test"]) != set(by_month["test"])


def test_the_latest_visits_test_and_from_when_to_when_each_part_goes_is_said(config):
    data = load_data(replace(config, split_time="day"))
    assert parts_of(data) == {
        "train": list(range(120)),
        "val": list(range(120, 160)),
        "test": list(range(160, 200)),
    }
    days = visits()["day"]
    spans = f"train {days[0]} to {days[119]}, val {days[120]} to {days[159]}, test {days[160]}"
    assert f"split by time: {spans} to {days[199]}" in data.notes


def test_rows_without_a_time_are_left_out_and_said(tmp_path, config):
    columns = visits()
    columns["day"][3] = ""
    columns["day"][7] = "NA"
    data = load_data(replace(config, data=write(tmp_path / "gaps.csv", columns), split_time="day"))
    assert "left out: 2 rows without a time in 'day': row 4, 8" in data.notes
    assert len(data.train) + len(data.val) + len(data.test) == 198
    assert not {3, 7} & set(rows_of(data, "train"))


@pytest.mark.parametrize("flag", ["split_by", "split_time"])
def test_the_column_that_decides_may_be_dropped_as_an_input(config, flag):
    name = {"split_by": "patient", "split_time": "day"}[flag]
    with_it = load_data(replace(config, **{flag: name}))
    without = load_data(replace(config, **{flag: name}, drop=(name,)))
    assert parts_of(with_it) == parts_of(without)
    assert not [key for key in without.info.numbers if key.startswith(name)]


@pytest.mark.parametrize("settings", [{"split_by": "patient"}, {"split_time": "day"}, {}])
def test_the_split_is_the_same_whatever_the_seed_and_in_each_command(
    config, tmp_path, capsys, settings
):
    config = replace(config, **settings, epochs=1, run_dir=str(tmp_path / "run"))
    first = parts_of(load_data(config))
    assert parts_of(load_data(replace(config, seed=7))) == first
    train(config)
    saved = json.loads((tmp_path / "run" / "config.json").read_text(encoding="utf-8"))
    assert parts_of(load_data(Config.restore(saved))) == first
    capsys.readouterr()
    evaluation.main(run_dir=str(tmp_path / "run"), device="cpu")
    shown = capsys.readouterr().out
    assert "(this model)" in shown
    assert "(logistic regression)" in shown
    train(replace(config, resume=True))  # there is nothing left to do, and no complaint


def test_a_group_that_has_changed_since_training_is_noticed(config, tmp_path):
    folder = str(tmp_path / "run")
    train(replace(config, split_by="patient", epochs=1, run_dir=folder))
    columns = visits()
    columns["patient"][0] = "환자 24" if columns["patient"][0] != "환자 24" else "환자 1"
    columns["patient"][1] = "환자 99"
    write(Path(config.data), columns)
    with pytest.raises(UserError, match="the data have changed"):
        evaluation.main(run_dir=folder, device="cpu")


@pytest.mark.parametrize("other", ["as it is", "other spellings", "another answer"])
def test_identical_rows_are_in_one_part_whatever_their_spelling_and_answer(tmp_path, config, other):
    columns = {name: values for name, values in visits().items() if name in ("size", "sick")}
    columns["place"] = [("north", "south")[row % 2] for row in range(200)]
    columns["gap"] = [("", "1", "2", "3", "4")[row % 5] for row in range(200)]
    for row in range(40):
        for values in columns.values():
            values.append(values[row])
    if other == "other spellings":
        columns["size"][200:] = [f" {size}00" for size in columns["size"][:40]]
        columns["gap"][200:] = ["NA" if gap == "" else f"{gap}.00" for gap in columns["gap"][:40]]
    if other == "another answer":
        columns["sick"][200:] = [
            "yes" if answer == "no" else "no" for answer in columns["sick"][:40]
        ]
    data = load_data(replace(config, data=write(tmp_path / "twice.csv", columns)))
    parts = parts_of(data)
    for row in range(40):
        assert sorted(rows.count(row) for rows in parts.values()) == [0, 0, 2]
    (line,) = [note for note in data.notes if note.startswith("identical rows: ")]
    assert line.startswith("identical rows: 80 have the same inputs as another one")
    assert ("80 of them with another answer" in line) == (other == "another answer")


def test_a_number_of_the_row_does_not_make_identical_rows_different(tmp_path, config):
    columns = {"weight": [str(row % 100 + 0.5) for row in range(150)]}
    columns["id"] = [str(row + 1) for row in range(150)]
    columns["sick"] = [("yes", "no")[row % 100 % 2] for row in range(150)]
    data = load_data(replace(config, data=write(tmp_path / "numbered.csv", columns)))
    assert any("identical rows: 100 have the same inputs" in note for note in data.notes)


def test_a_table_in_the_order_of_time_and_one_of_patients_are_noticed(config):
    notes = load_data(config).notes
    assert any(note.endswith("add --split-time day") for note in notes)
    assert any(note.endswith("add --split-by patient") for note in notes)
    for settings in ({"split_by": "patient"}, {"split_time": "day"}):
        notes = load_data(replace(config, **settings)).notes
        assert not [note for note in notes if "--split-" in note]


def test_both_ways_at_once_are_refused(config):
    with pytest.raises(UserError, match="--split-by and --split-time exclude each other"):
        load_data(replace(config, split_by="patient", split_time="day"))
