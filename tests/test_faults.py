"""What benchmarks/faults.py counts as a command that ended badly."""

from collections import Counter
from importlib import import_module

import pytest
from generators import ROOT

BEFORE = "the best model of runs/run writes\n"
BEHIND = "written to out.csv: 5 texts\n"  # said by a command that came to its end
ERROR = "error: cannot write out.csv: Input/output error\n"


@pytest.fixture
def wrong(monkeypatch):
    """Return what is wrong with a command that ended with an error of the system."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    faults = import_module("faults")

    def ask(code, stderr):
        ended = faults.Ended(code, "", stderr, [])
        fault = faults.Fault("write", "out.csv", 1, "fails", "EIO")
        counts = faults.Counts()
        found = faults.wrong_end(ended, fault, BEFORE + BEHIND, counts)
        assert (counts.lines == Counter()) == (code == 0 or found != [])
        return found

    return ask


@pytest.mark.parametrize("usual", ["", BEFORE, BEFORE + BEHIND])
def test_one_line_of_an_error_is_right_beside_what_is_usual(wrong, usual):
    assert wrong(2, usual + ERROR) == []
    assert wrong(0, usual) == []


@pytest.mark.parametrize(
    ("code", "stderr"),
    [
        (2, ""),
        (2, BEFORE),
        (2, BEFORE + ERROR + ERROR),
        (2, BEFORE + "note: something else\n" + ERROR),
        (2, "Traceback (most recent call last):\nOSError\n"),
        (1, ERROR),
    ],
)
def test_any_other_end_is_wrong(wrong, code, stderr):
    assert wrong(code, stderr)
