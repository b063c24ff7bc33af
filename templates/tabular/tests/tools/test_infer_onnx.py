"""The exported model answers for any row as predict.py does."""

import csv
import random
from unicodedata import normalize

import pytest

from config import Config
from predict import main as predict
from tools.export import main as export
from train import train

for package in ("onnxruntime", "onnxscript", "safetensors"):
    pytest.importorskip(package, reason="optional: pip install -e .[export]")

NUMBERS = ("size", "가격", "income", "joined", "weight")
CATEGORIES = ("colour", "place")
NEW = {
    "size": ["", "n/a", "1.5", "-2", "1e3"],
    "가격": ["1,5", "2.5", "$3", "1.000,5", "-"],
    "income": ["1,234", "\u2212500", "12,345.5", "₩7", "없음"],
    "colour": ["red", "purple", "", "파랑", "red"],
    "joined": ["2024-01-05T13:05:00Z", "2023-12-31 00:00", "", "unknown", "20240229"],
    "weight": ["70 kg", "81.5", "(3)", "90KG", "없음"],
    "place": ["here", "there", "there", "here", "nowhere"],
}


def write(path, columns):
    """Write columns into a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return str(path)


def draw_rows(count):
    """Return a table with gaps, decimal commas, thousands and categories."""
    draw = random.Random(0)
    columns = {name: [] for name in (*NUMBERS, *CATEGORIES, "year", "kind")}
    for _ in range(count):
        columns["size"].append(draw.choice(["", f"{draw.gauss(5, 2):.2f}"]))
        columns["가격"].append(f"{draw.gauss(3, 1):.2f}".replace(".", ","))
        columns["income"].append(f"{draw.randint(100, 90_000):,}")
        columns["colour"].append(draw.choice(["red", "green", "파랑", "?"]))
        columns["place"].append(draw.choice(["here", "there"]))
        columns["joined"].append(f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02} 10:30")
        columns["weight"].append(f"{draw.randint(50, 99)} kg")
        columns["year"].append(f"{draw.gauss(2000, 9):.2f}")
        columns["kind"].append(draw.choice(["a cat", "개"]))
    return columns


@pytest.mark.parametrize(
    ("target", "drop"),
    [("kind", ("year",)), ("year", ("kind", *NUMBERS)), ("year", ("kind", *CATEGORIES))],
    ids=["a class", "a number from categories", "a number from numbers"],
)
def test_rows_of_all_kinds_get_the_answers_of_predict(
    start, tmp_path, capsys, if_it_fits, target, drop
):
    data = write(tmp_path / "data.csv", draw_rows(60))
    new = write(tmp_path / "new.csv", NEW)
    run = tmp_path / "run"
    config = Config(data=data, target=target, drop=drop, epochs=1, device="cpu", run_dir=str(run))
    with if_it_fits():
        train(config)
    export(run_dir=str(run))
    capsys.readouterr()
    predict((new,), top=1, run_dir=str(run), device="cpu")
    expected = capsys.readouterr().out.splitlines()
    answer = start(run / "export" / "infer_onnx.py", new)
    assert answer.stdout.splitlines() == expected, answer.stderr
    assert len(expected) == 5


@pytest.mark.parametrize(("in_training", "later"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_the_form_of_unicode_in_names_and_cells_makes_no_difference(
    start, tmp_path, capsys, if_it_fits, in_training, later
):
    columns = draw_rows(60)
    columns["성별"] = [("남성", "여성")[row % 2] for row in range(60)]
    table = {normalize(in_training, name): columns[name] for name in ("성별", "size", "kind")}
    for name, cells in table.items():
        table[name] = [normalize(in_training, cell) for cell in cells]
    data = write(tmp_path / "data.csv", table)
    rows = {normalize(later, name): cells[:8] for name, cells in table.items()}
    for name, cells in rows.items():
        rows[name] = [normalize(later, cell) for cell in cells]
    new = write(tmp_path / "new.csv", rows)
    folder = tmp_path / normalize(in_training, "실험")
    config = Config(
        data=data, target="kind", drop=(normalize(later, "성별"),), epochs=1, run_dir=str(folder)
    )
    with if_it_fits():
        train(config)
    assert "성별" not in capsys.readouterr().out  # it was dropped
    typed = str(tmp_path / normalize(later, "실험"))
    with if_it_fits():
        train(Config(data=data, target="kind", epochs=2, device="cpu", run_dir=f"{typed} 2"))
    export(run_dir=f"{typed} 2")
    predict((data,), top=1, run_dir=typed, device="cpu")
    capsys.readouterr()
    predict((new,), top=1, run_dir=f"{typed} 2", device="cpu")
    shown = capsys.readouterr()
    assert "training has not seen" not in shown.err
    answer = start(tmp_path / f"{typed} 2" / "export" / "infer_onnx.py", new)
    assert answer.stdout == shown.out, answer.stderr
    assert normalize("NFC", shown.out) == shown.out


def test_columns_without_a_name_or_with_one_in_two_lines_are_told_apart(
    start, tmp_path, capsys, if_it_fits
):
    size, place, colour, kind = (
        draw_rows(60)[name] for name in ("size", "place", "colour", "kind")
    )
    rows = list(zip(size, place, colour, kind, strict=True))
    data = tmp_path / "data.csv"
    with data.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("", "", "colour\n(of it)", "kind"), *rows])
    config = Config(
        data=str(data), target="kind", epochs=1, device="cpu", run_dir=str(tmp_path / "r")
    )
    with if_it_fits():
        train(config)
    export(run_dir=config.run_dir)
    capsys.readouterr()
    predict((str(data),), top=1, run_dir=config.run_dir, device="cpu")
    expected = capsys.readouterr().out
    script = tmp_path / "r" / "export" / "infer_onnx.py"
    assert start(script, str(data)).stdout == expected
    few = write(tmp_path / "few.csv", {"": ["5"], "kind": ["개"]})
    answer = start(script, few)
    assert answer.returncode == 2
    assert answer.stderr == f"error: {few} lacks the columns (no name 2), colour (of it)\n"
