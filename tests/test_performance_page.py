"""docs/performance.md shows what the scripts of nox -s bench have measured, and nothing else."""

import re
from importlib import import_module

import pytest
from generators import ROOT

PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")


@pytest.fixture
def report(monkeypatch):
    """Return benchmarks/report.py."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return import_module("report")


def test_its_tables_are_made_of_the_results_that_lie_there(report):
    found = report.read_results(report.RESULTS)
    assert {"speed", "pieces", "starts", "own_dataset"} <= set(found)
    assert report.write_page(PAGE, found) == PAGE


def test_each_target_that_is_missed_is_in_it(report):
    targets = []
    for one in report.read_results(report.RESULTS).values():
        targets += one.get("targets", [])
    assert len(targets) > 20
    for one in targets:
        assert (f"| {one['name']} |" in PAGE) == (not one["met"])


def test_the_pages_of_results_and_reasons_are_of_the_same_figures(report):
    page = (report.RESULTS / "README.md").read_text(encoding="utf-8")
    assert report.pieces_table(report.read_results(report.RESULTS)["pieces"]) in page


def test_each_result_of_the_page_names_one_commit(report):
    found = report.read_results(report.RESULTS)
    for name, one in found.items():
        assert re.fullmatch(r"[0-9a-f]{7,}", one["commit"]), name
