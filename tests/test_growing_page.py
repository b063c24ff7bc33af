"""docs/growing.md shows what growing.py, files.py and long_text.py have measured."""

import json
from statistics import median
from typing import Any

import pytest
from generators import ROOT

PAGE = (ROOT / "docs/growing.md").read_text(encoding="utf-8")
LINES = PAGE.splitlines()


def result(name: str) -> dict[str, Any]:
    """Return what is in a file of results."""
    return json.loads((ROOT / f"benchmarks/results/{name}.json").read_text(encoding="utf-8"))


GROWING = result("growing")
FILES = result("files")
TEXT = result("long_text")


def short(value: float) -> str:
    """Return a number as the page shows it: with three digits, and all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def middle(results: list[dict[str, float]], key: str, factor: float) -> str:
    """Return the median of a figure over the rounds."""
    return short(median(one[key] for one in results) * factor)


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"


def test_the_examples_in_memory_are_those_that_were_measured():
    ratios = {one["name"]: one for one in GROWING["targets"]}
    for size, found in GROWING["sizes"].items():
        step, fetch, start = (median(found[key]) for key in ("step", "fetch", "start"))
        ratio = "1"
        for name, one in ratios.items():
            if name.startswith(f"time per step with {int(size):,} examples"):
                ratio = f"{one['median']:.3f} ({one['low']:.3f} to {one['high']:.3f})"
        cells = [f"{int(size):,}", short(step * 1e6), ratio, short(fetch * 1e6), short(start * 1e3)]
        assert row(*cells) in LINES


def test_the_files_are_those_that_were_measured():
    sizes = dict(FILES["sizes"])
    if "million" in FILES:
        sizes["1000000"] = {turn: [FILES["million"][turn]] for turn in ("first", "second")}
    for size, found in sizes.items():
        each = 1e6 / int(size)
        first, second = found["first"], found["second"]
        cells = [middle(turn, "cpu_seconds", each) for turn in (first, second)]
        cells += [middle(first, "peak", each / 1e6), middle(second, "held", each / 1e6)]
        cells += [middle(second, "start", 1e3), middle(second, "batch", 1e6)]
        assert row(f"{int(size):,}", *cells) in LINES


def test_the_readers_of_pictures_are_those_that_were_measured():
    for name, found in FILES["cores"].items():
        for way in ("one", "all"):
            used = median(one["cpu_seconds"] / one["seconds"] for one in found[way])
            taken = middle(found[way], "seconds", 1e6 / found["files"])
            cells = [f"{name}, {way}", taken, f"{used:.2f}"]
            if "peers" in FILES:
                for peer in ("torchvision", "webdataset"):
                    cells.append(short(FILES["peers"][name][f"{peer}, {way}"]))
            assert row(*cells) in LINES


def test_the_cache_beyond_memory_is_the_one_that_was_measured():
    beyond = FILES["beyond"]
    if beyond is None:
        pytest.skip("it was measured where nothing holds a process to less memory")
    sizes = f"{beyond['cache'] / 1e6:,.0f} MB of pictures in {beyond['memory'] / 1e6:,.0f} MB"
    assert sizes in PAGE
    for name, title in (("free", "all that the machine has"), ("held", "held to less")):
        first, second = beyond[name]["first"], beyond[name]["second"]
        cells = [short(first["seconds"]), short(second["seconds"]), short(second["batch"] * 1e3)]
        assert row(title, *cells) in LINES
    assert f"exit code {beyond['train']['exit_code']}" in PAGE
    assert beyond["ulimit"]["exit_code"] == 2
    assert f"`{beyond['ulimit']['last_line']}`" in PAGE


def test_the_long_texts_are_those_that_were_measured():
    for size, loads in TEXT["loads"].items():
        each = 1e9 / loads[0]["characters"]
        cells = [middle(loads, "cpu_seconds", each)]
        cells += [middle(loads, key, each / 1e9) for key in ("held", "peak")]
        assert row(f"{int(size):,}", middle(loads, "seconds", 1), *cells) in LINES
    *_, step = TEXT["targets"]
    assert f"{step['median']:.3f} ({step['low']:.3f} to {step['high']:.3f})" in PAGE


def test_each_target_that_is_missed_is_named():
    for found in (GROWING, FILES, TEXT):
        for one in found["targets"]:
            if not one["met"]:
                assert f"| {one['name']} |" in PAGE, one["name"]
