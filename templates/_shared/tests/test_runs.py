"""The table of all runs: order, what differs, and files that are damaged."""

import csv
import json
import os
import sys
from dataclasses import asdict

import pytest

from config import Config
from runs import main
from showing.plots import width


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Write what a training writes, each run newer than the one before."""
    monkeypatch.chdir(tmp_path)
    times = iter(range(1_000_000, 2_000_000, 100))

    def write(name, scores, score="accuracy", **settings):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        config = asdict(Config(epochs=2)) | settings
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        os.utime(folder / "config.json", (time := next(times), time))
        names = ["epoch", "val_loss", f"val_{score}", "seconds"]
        rows = [[epoch, 1 - one, one, 30] for epoch, one in enumerate(scores, 1)]
        with (folder / "metrics.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([names, *rows])
        return folder

    return write


def table(capsys, best=False):
    main(best)
    head, *rows = capsys.readouterr().out.splitlines()
    return head, {row.split()[0]: row for row in rows}


def test_the_newest_run_comes_first_and_with_best_the_best(begin, capsys):
    for name, scores in (("old", [0.8, 0.7]), ("best", [0.5, 0.9]), ("new", [0.6])):
        begin(name, scores)
    head, rows = table(capsys)
    assert list(rows) == ["new", "best", "old"]
    assert head.split()[:3] == ["run", "val", "accuracy"]
    assert rows["old"].split()[1:] == ["0.8000", "-", "2", "of", "2", "60.0", "s", "finished"]
    assert "1 of 2" in rows["new"]
    assert "unfinished" in rows["new"]
    assert list(table(capsys, best=True)[1]) == ["best", "old", "new"]


def test_settings_are_shown_where_they_differ(begin, capsys):
    begin("one", [0.5, 0.6], lr=0.1, seed=3)
    begin("sweep/1", [0.5, 0.6], lr=0.01234567, seed=3)
    rows = table(capsys)[1]
    assert rows["one"].endswith("finished  lr=0.1")
    assert rows["sweep/1"].endswith("finished  lr=0.01235")


def test_a_test_score_is_shown_if_it_is_of_the_model_that_is_there(begin, capsys):
    folder = begin("one", [0.5, 0.6])
    result = {"split": "test", "n": 9, "accuracy": 0.55, "baselines": {}}
    (folder / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    (folder / "best.pt").touch()
    os.utime(folder / "best.pt", (1, 1))
    assert "0.5500" in table(capsys)[1]["one"]
    os.utime(folder / "eval.json", (0, 0))
    assert "0.5500" not in table(capsys)[1]["one"]


def test_an_early_stop_is_told_from_an_unfinished_run(begin, capsys):
    begin("stopped", [0.9, 0.5, 0.4], epochs=9, patience=2)
    begin("going", [0.9, 0.5], epochs=9, patience=2)
    rows = table(capsys)[1]
    assert "stopped early" in rows["stopped"]
    assert "unfinished" in rows["going"]


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"epochs": null}', "\0"])
def test_damaged_files_do_no_harm(begin, capsys, damage):
    begin("good", [0.5, 0.6])
    for name in ("config.json", "metrics.csv", "eval.json"):
        (begin(f"no-{name}", [0.5]) / name).write_text(damage, encoding="utf-8")
    (begin("cut", [0.1, 0.2]) / "metrics.csv").write_text(
        "epoch,val_loss,val_accuracy\n1,0.5,0.75\n2,0.4", encoding="utf-8"
    )
    (begin("bare", []) / "metrics.csv").unlink()
    rows = table(capsys)[1]
    assert {"good", "no-metrics.csv", "no-eval.json", "cut", "bare"} <= set(rows)
    assert "0.7500" in rows["cut"]
    assert "0 of 2" in rows["bare"]


def test_columns_stand_below_each_other_also_in_hangul(begin, capsys):
    begin("한글 이름", [0.5, 0.6])
    begin("plain", [0.5, 0.6])
    main()
    lines = capsys.readouterr().out.splitlines()
    assert len({width(line.split("0.6000")[0]) for line in lines[1:]}) == 1


def test_a_narrow_terminal_cuts_the_settings(begin, capsys, monkeypatch):
    begin("one", [0.5, 0.6], seed=1)
    begin("two", [0.5, 0.6], seed=2)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    main()
    lines = capsys.readouterr().out.splitlines()
    assert {width(line) for line in lines} == {40}
    assert all(line.endswith("…") for line in lines)


def test_runs_answers_without_torch_or_says_that_there_is_none(command, without):
    answer = command("runs.py", env=without("torch"))
    assert answer.returncode == 2
    assert answer.stderr == "error: there is no run in runs: `python train.py` makes one\n"
