"""The pages show what benchmarks/accuracy.py has measured, and nothing else."""

import json
from importlib import import_module
from statistics import median

import pytest
from generators import ROOT

RESULTS = ROOT / "benchmarks" / "results"
FOUND = json.loads((RESULTS / "accuracy.json").read_text(encoding="utf-8"))
JOBS = FOUND["jobs"]
PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## Time to accuracy\n")[1].split("\n## ")[0]


@pytest.fixture
def report(monkeypatch):
    """benchmarks/report.py, which makes the table."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return import_module("report")


def epochs(job, who):
    """Return after how many epochs the mark was reached, in each round."""
    return [found["epochs"] for found in JOBS[job]["measured"][who]]


def test_both_pages_have_the_table_of_the_result_file(report):
    table = report.accuracy_table(JOBS)
    assert len(JOBS) == 6
    assert table in SECTION
    assert table in (RESULTS / "README.md").read_text(encoding="utf-8")


def test_each_has_three_rounds_or_is_said_to_have_one(report):
    for job in JOBS.values():
        for who, rounds in job["measured"].items():
            assert len(rounds) in (1, 3)
            shown = report.accuracy_cell(rounds, quickest=0)
            if len(rounds) == 1 and rounds[0]["reached"]:
                assert shown.endswith(", once"), who
            for found in rounds:
                assert found["reached"] == (found["best"] >= job["mark"])


def test_where_another_trainer_is_sooner_is_named(report):
    late = SECTION.split("sooner than ours: ")[1].split(".")[0]
    assert len(FOUND["targets"]) == len(JOBS)
    for target in FOUND["targets"]:
        name = target["name"].split(":")[0]
        assert (f"**{name}**" in late) == (not target["met"])


def test_scikit_learn_is_first_on_each(report):
    first = []
    for job in JOBS.values():
        seconds = {}
        for who, rounds in job["measured"].items():
            if who != report.READING and (found := report.seconds_to_mark(rounds)):
                seconds[who] = found["median"]
        quickest = min(seconds, key=lambda who: seconds[who])
        assert quickest.startswith("scikit-learn")
        first.append(seconds[quickest])
    assert f"in {min(first):.1f} to {max(first):.1f} s, before PyTorch" in SECTION


def test_the_epochs_in_the_text_are_those_that_were_measured(report):
    still, default = epochs("digits", "ours, --max-shift 0"), epochs("digits", "ours")
    assert f"after {median(still)} epochs, not {median(default)}" in SECTION
    ours, by_hand = epochs("MNIST", "ours"), epochs("MNIST", "naive")
    words = ["{}, {} and {}".format(*one) for one in (ours, by_hand)]
    assert f"after {words[0]} epochs, the loop by hand after {words[1]}" in SECTION
    measured = JOBS["digits"]["measured"]
    seconds = {who: report.seconds_to_mark(rounds) for who, rounds in measured.items()}
    quick = seconds["ours, --max-shift 0"]["median"]
    assert f"ours is first, in {quick:.1f} s" in SECTION
    assert quick < min(seconds[who]["median"] for who in ("naive", "Accelerate", "Ignite"))
    share = seconds[report.READING]["median"] / seconds["ours"]["median"]
    assert 0.45 < share < 0.55  # half
