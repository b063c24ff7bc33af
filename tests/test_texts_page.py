"""docs/texts.md shows what benchmarks/texts.py has measured, and nothing else."""

import json

from generators import ROOT

PAGE = (ROOT / "docs/texts.md").read_text(encoding="utf-8")
RESULTS = json.loads((ROOT / "benchmarks/results/texts.json").read_text(encoding="utf-8"))
MOST_BEHIND = 0.01


def test_each_set_of_texts_has_its_figures_on_the_page():
    rows = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] in RESULTS["measured"]:
            rows[cells[0]] = cells[1:]
    assert list(rows) == list(RESULTS["measured"])
    assert len(rows) == 5
    for name, found in RESULTS["measured"].items():
        expected = [f"{found['texts']['test']:,}"]
        for score in (found["accuracy"], found["macro_f1"]):
            expected += [f"{score['svc']:.3f}", f"{score['ours']:.3f}", f"{score['ahead']:+.3f}"]
        slowest = max(run["cpu_seconds"] for run in found["ours"])
        assert rows[name] == [*expected, f"{slowest:.0f} s"]


def test_what_is_missed_is_said():
    _, text = PAGE.split("## What it says, and what not")
    for name, found in RESULTS["measured"].items():
        for score in ("accuracy", "macro_f1"):
            behind = -found[score]["ahead"]
            said = f"**{name}**, by {100 * behind:.1f} points of {score.replace('_f1', ' F1')}"
            assert (said in text) == (behind > MOST_BEHIND)
