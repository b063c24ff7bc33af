"""The exported model answers for any row as predict.py does."""

import csv
import random

import pytest

from config import Config
from export import main
from predict import main as predict
from train import train

for package in ("onnxruntime", "onnxscript", "safetensors"):
    pytest.importorskip(package, reason="optional: pip install -e .[export]")

NUMBERS, CATEGORIES = ("size", "가격", "income"), ("colour", "place")
NEW = {
    "size": ["", "n/a", "1.5", "-2", "1e3"],
    "가격": ["1,5", "2.5", "$3", "1.000,5", "-"],
    "income": ["1,234", "\u2212500", "12,345.5", "₩7", "없음"],
    "colour": ["red", "purple", "", "파랑", "red"],
    "place": ["here", "there", "there", "here", "nowhere"],
}


def write(path, columns):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *zip(*columns.values(), strict=True)])


@pytest.fixture
def rows(tmp_path):
    """Write a table with gaps, decimal commas, thousands and categories."""
    draw, count = random.Random(0), 60
    columns = {
        "size": [draw.choice(["", f"{draw.gauss(5, 2):.2f}"]) for _ in range(count)],
        "가격": [f"{draw.gauss(3, 1):.2f}".replace(".", ",") for _ in range(count)],
        "income": [f"{draw.randint(100, 90_000):,}" for _ in range(count)],
        "colour": [draw.choice(["red", "green", "파랑", "?"]) for _ in range(count)],
        "place": [draw.choice(["here", "there"]) for _ in range(count)],
        "year": [f"{draw.gauss(2000, 9):.2f}" for _ in range(count)],
        "kind": [draw.choice(["a cat", "개"]) for _ in range(count)],
    }
    write(tmp_path / "data.csv", columns)
    write(tmp_path / "new.csv", NEW)
    return str(tmp_path / "data.csv"), str(tmp_path / "new.csv")


@pytest.mark.parametrize(
    ("target", "drop"),
    [("kind", ("year",)), ("year", ("kind", *NUMBERS)), ("year", ("kind", *CATEGORIES))],
    ids=["a class", "a number from categories", "a number from numbers"],
)
def test_rows_of_all_kinds_get_the_answers_of_predict(
    command, rows, tmp_path, capsys, target, drop
):
    data, new = rows
    run = str(tmp_path / "run")
    train(Config(data=data, target=target, drop=drop, epochs=1, device="cpu", run_dir=run))
    main(run_dir=run)
    capsys.readouterr()
    predict((new,), top=1, run_dir=run, device="cpu")
    expected = capsys.readouterr().out.splitlines()
    answer = command(tmp_path / "run" / "export" / "infer_onnx.py", new)
    assert answer.stdout.splitlines() == expected, answer.stderr
    assert len(expected) == 5
