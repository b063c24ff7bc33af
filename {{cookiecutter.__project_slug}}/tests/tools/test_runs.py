"""The table of all runs: order, what differs, and files that are damaged."""

import csv
import json
import os
import sys
from dataclasses import asdict

import pytest

from config import Config
from engine.plots import width
from tools.run_files import read_run
from tools.runs import main


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Write what a training writes, each run newer than the one before.

    begin("one", {"epochs": 9}, loss=[0.5, 0.4], accuracy=[0.8, 0.9]): settings, and a column of
    metrics.csv for each part of the validation; None is an empty cell.
    """
    monkeypatch.chdir(tmp_path)
    times = iter(range(1_000_000, 2_000_000, 100))

    def write(name, settings=None, **columns):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        config = asdict(Config(epochs=2)) | (settings or {})
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        time = next(times)
        os.utime(folder / "config.json", (time, time))
        with (folder / "metrics.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["epoch", *[f"val_{column}" for column in columns], "seconds"])
            for epoch, cells in enumerate(zip(*columns.values(), strict=True), 1):
                writer.writerow([epoch, *cells, 30])
        return folder

    return write


def table(capsys, best=False):
    """Return the heading, and the lines by the names of their runs."""
    main(best)
    head, *rows = capsys.readouterr().out.splitlines()
    return head, {row.split()[0]: row for row in rows}


def test_the_newest_run_comes_first_and_with_best_the_best(begin, capsys):
    begin("old", loss=[0.2, 0.3], accuracy=[0.8, 0.7])
    begin("best", loss=[0.5, 0.1], accuracy=[0.5, 0.9])
    begin("new", loss=[0.4], accuracy=[0.6])
    head, rows = table(capsys)
    assert list(rows) == ["new", "best", "old"]
    assert head.split()[:3] == ["run", "val", "accuracy"]
    assert rows["old"].split()[1:] == ["0.8000", "-", "2", "of", "2", "60.0", "s", "finished"]
    assert "1 of 2" in rows["new"]
    assert "unfinished" in rows["new"]
    head, rows = table(capsys, best=True)
    assert list(rows) == ["best", "old", "new"]
    assert head.split("  ")[1].strip() == "val loss"  # what chose best.pt, and the order
    assert [row.split()[1] for row in rows.values()] == ["0.1000", "0.2000", "0.4000"]


def test_an_error_is_the_better_the_lower_and_of_equals_the_lower_loss_counts(begin, capsys):
    by_error = {"best_by": "mae"}
    begin("none")
    begin("worst", by_error, loss=[0.1], mae=[3.0])
    begin("equal", by_error, loss=[0.3], mae=[1.0])
    begin("best", by_error, loss=[0.2], mae=[1.0])
    _, rows = table(capsys, best=True)
    assert list(rows) == ["best", "equal", "worst", "none"]


def test_every_metric_has_its_columns_and_a_missing_one_is_a_dash(begin, capsys):
    by_loss = {"best_by": "loss"}
    begin("before", by_loss, loss=[0.2], accuracy=[0.8])
    begin("added", by_loss, loss=[0.3, 0.2], top3=[None, 0.9], accuracy=[0.7, 0.6])
    head, rows = table(capsys)
    assert "val top3" in head
    assert "test accuracy" in head
    assert rows["added"].split()[1:5] == ["0.9000", "-", "0.6000", "-"]
    assert rows["before"].split()[1:5] == ["-", "-", "0.8000", "-"]


def test_a_model_without_metrics_is_judged_by_its_loss(begin, capsys):
    begin("worse", loss=[0.3])
    folder = begin("better", loss=[0.2])
    begin("worst", loss=[0.4])
    result = {"split": "test", "n": 9, "loss": 0.25, "baselines": {}}
    (folder / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    head, rows = table(capsys, best=True)
    assert "val loss" in head
    assert list(rows) == ["better", "worse", "worst"]
    assert rows["better"].split()[1:3] == ["0.2000", "0.2500"]


def test_runs_are_judged_by_what_the_newest_was_told_to_be_best_by(begin, capsys):
    by_f1 = {"best_by": "f1"}
    begin("high", loss=[0.2], accuracy=[0.9], f1=[0.6])
    begin("low", by_f1, loss=[0.3, 0.4], accuracy=[0.8, 0.7], f1=[0.6, 0.8])
    folder = begin("middle", by_f1, loss=[0.3], accuracy=[0.7], f1=[0.7])
    assert read_run(folder).main_metric == "f1"
    _, rows = table(capsys, best=True)
    assert list(rows) == ["low", "middle", "high"]
    assert rows["low"].split()[1:4:2] == ["0.8000", "0.7000"]  # of the epoch with the best f1


def test_settings_are_shown_where_they_differ(begin, capsys):
    begin("one", {"lr": 0.1, "seed": 3}, loss=[0.5, 0.4], accuracy=[0.5, 0.6])
    begin("sweep/1", {"lr": 0.01234567, "seed": 3}, loss=[0.5, 0.4], accuracy=[0.5, 0.6])
    _, rows = table(capsys)
    assert rows["one"].endswith("finished  lr=0.1")
    assert rows["sweep/1"].endswith("finished  lr=0.01235")


def test_a_test_score_is_shown_if_it_is_of_the_model_that_is_there(begin, capsys):
    folder = begin("one", loss=[0.5], accuracy=[0.6])
    result = {"split": "test", "n": 9, "accuracy": 0.55, "baselines": {}}
    for epoch in (1, 2):  # there is one epoch in the run: so the second model is not there any more
        content = result | {"model": {"epoch": epoch}}
        (folder / "eval.json").write_text(json.dumps(content), encoding="utf-8")
        os.utime(folder / "eval.json", (epoch, epoch))  # a copy may have any time
        _, rows = table(capsys)
        assert ("0.5500" in rows["one"]) == (epoch == 1)


def test_the_main_test_score_has_its_interval_beside_it(begin, capsys):
    folder = begin("one", loss=[0.5], accuracy=[0.6], f1=[0.5])
    result = {"split": "test", "n": 9, "accuracy": 0.55, "f1": 0.5, "baselines": {}}
    result["intervals"] = {"accuracy": [0.2, 0.8], "f1": [0.1, 0.9]}
    (folder / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    _, rows = table(capsys)
    shown = rows["one"].split("  ")
    assert [cell.strip() for cell in shown if cell][1:5] == [
        "0.6000",
        "0.5500 (0.2000 to 0.8000)",
        "0.5000",
        "0.5000",
    ]


def test_an_early_stop_is_told_from_an_unfinished_run(begin, capsys):
    patient = {"epochs": 9, "patience": 2}
    begin("stopped", patient, loss=[0.1, 0.5, 0.6], accuracy=[0.9, 0.5, 0.4])
    begin("going", patient, loss=[0.1, 0.5], accuracy=[0.9, 0.5])
    _, rows = table(capsys)
    assert "stopped early" in rows["stopped"]
    assert "unfinished" in rows["going"]


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"epochs": null}', "\0"])
def test_damaged_files_do_no_harm(begin, capsys, damage):
    begin("good", loss=[0.5, 0.4], accuracy=[0.5, 0.6])
    for name in ("config.json", "metrics.csv", "eval.json"):
        folder = begin(f"no-{name}", loss=[0.5], accuracy=[0.5])
        (folder / name).write_text(damage, encoding="utf-8")
    cut = begin("cut", loss=[0.9], accuracy=[0.1])
    lines = "epoch,val_loss,val_accuracy\n1,0.5,0.75\n2,0.4"
    (cut / "metrics.csv").write_text(lines, encoding="utf-8")
    (begin("bare") / "metrics.csv").unlink()
    _, rows = table(capsys)
    assert {"good", "no-metrics.csv", "no-eval.json", "cut", "bare"} <= set(rows)
    assert "0.7500" in rows["cut"]
    assert "0 of 2" in rows["bare"]
    table(capsys, best=True)


def test_columns_stand_below_each_other_also_in_hangul(begin, capsys):
    begin("한글 이름", loss=[0.4], accuracy=[0.6])
    begin("plain", loss=[0.4], accuracy=[0.6])
    main()
    lines = capsys.readouterr().out.splitlines()
    assert len({width(line.split("0.6000")[0]) for line in lines[1:]}) == 1


def test_a_narrow_terminal_cuts_the_settings(begin, capsys, monkeypatch):
    begin("one", {"seed": 1}, loss=[0.4], accuracy=[0.6])
    begin("two", {"seed": 2}, loss=[0.4], accuracy=[0.6])
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    main()
    lines = capsys.readouterr().out.splitlines()
    assert {width(line) for line in lines} == {40}
    assert all(line.endswith("…") for line in lines)


def test_without_a_run_it_says_what_to_do(command):
    answer = command("runs")
    assert answer.returncode == 2
    assert answer.stderr == "error: there is no run in runs: `python train.py` makes one\n"


@pytest.mark.parametrize(
    "wrong",
    [
        {"split": None, "n": None},
        {"baselines": [1]},
        {"baselines": {"another": {"accuracy": "high"}}},
        {"per_class": {"cat": {"precision": 1.0}}},
        {"per_class": 5},
        {"loss": [1]},
        {"accuracy": 10**400},
    ],
)
def test_scores_with_values_of_another_kind_count_as_damaged(begin, wrong):
    folder = begin("one", loss=[0.5])
    whole = {"split": "test", "n": 3, "loss": 0.5, "accuracy": 0.9, "baselines": {}}
    path = folder / "eval.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert read_run(folder).scores is not None
    path.write_text(json.dumps(whole | wrong), encoding="utf-8")
    assert read_run(folder).scores is None
