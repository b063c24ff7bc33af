"""A table with a rare class: what is said of it, and what --class-weights changes."""

import json
import random

import pytest


@pytest.fixture
def table(tmp_path):
    """A table in which 5 % say yes; a large size makes it likelier, never likely."""
    numbers = random.Random(0)
    lines = ["size,noise,sick"]
    for _ in range(1500):
        size = numbers.gauss(0, 1)
        share = 0.35 if size > 1.3 else 0.02
        sick = "yes" if numbers.random() < share else "no"
        lines.append(f"{size:.3f},{numbers.gauss(0, 1):.3f},{sick}")
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_rare_class_is_missed_and_found_with_class_weights(command, table, tmp_path):
    options = ["--data", table, "--target", "sick", "--device", "cpu", "--epochs", 10]
    plain = command("train.py", *options, "--run-dir", "runs/plain")
    assert plain.returncode == 0, plain.stderr
    assert "warning: some classes are rare" in plain.stdout
    assert "; with rare classes macro_f1 is the score that matters\n" in plain.stdout
    scored = command("eval.py", "--run-dir", "runs/plain", "--no-baseline")
    assert "\nno example is found of 'yes': try python train.py --class-weights 0.5 --best-by " in (
        scored.stdout
    )
    more = ["--class-weights", 1, "--best-by", "macro_f1", "--run-dir", "runs/weighed"]
    weighed = command("train.py", *options, *more)
    assert weighed.returncode == 0, weighed.stderr
    scored = command("eval.py", "--run-dir", "runs/weighed", "--no-baseline")
    assert "no example is found" not in scored.stdout

    results = []
    for name in ("plain", "weighed"):
        path = tmp_path / "runs" / name / "eval.json"
        results.append(json.loads(path.read_text(encoding="utf-8")))
    without, with_weights = results
    assert without["accuracy"] > 0.9
    assert without["per_class"]["yes"]["recall"] == 0
    assert with_weights["per_class"]["yes"]["recall"] > 0.4
    assert with_weights["macro_f1"] > without["macro_f1"] + 0.05
    assert with_weights["balanced_accuracy"] > without["balanced_accuracy"] + 0.1


def test_where_numbers_are_predicted_there_are_no_class_weights(command, table, tmp_path):
    options = ["--data", table, "--target", "size", "--class-weights", 1]
    refused = command("train.py", *options)
    assert refused.returncode == 2
    assert refused.stderr == (
        "error: --class-weights is for classes, and these data have none: omit it\n"
    )
    assert not (tmp_path / "runs").exists()
