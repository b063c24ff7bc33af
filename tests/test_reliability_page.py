"""docs/reliability.md shows what was measured, and nothing else."""

import json
from typing import Any

import pytest
from generators import CHOICES, ROOT

PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
TASKS = CHOICES["task"]
MEASURED = {f"flips_{task}": f"`{task}`" for task in TASKS}
KILLED = {
    "lightning": "Lightning",
    "accelerate": "Accelerate",
    "torchdata": "torchdata's StatefulDataLoader in a plain loop",
}
PEERS = {"flips_peer_lightning": "Lightning 2.6.6", "flips_peer_accelerate": "Accelerate 1.15.0"}


def result(name: str) -> dict[str, Any]:
    """Return what is in a file of results."""
    return json.loads((ROOT / f"docs/results/{name}.json").read_text(encoding="utf-8"))


def counts_of_flips(found: dict[str, Any]) -> dict[str, int]:
    """Return how many damaged files were tried, refused and loaded."""
    counts = {"tried": 0, "refused": 0, "loaded, the same values": 0, "loaded, other values": 0}
    for damages in found["files"].values():
        for outcomes in damages.values():
            for outcome, count in outcomes.items():
                counts["tried"] += count
                counts["refused" if outcome.startswith("refused") else outcome] += count
    assert counts["tried"] == found["tried"] > 0
    return counts


def row(*cells: object) -> str:
    """Return a row of a table."""
    texts = [f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells]
    return f"| {' | '.join(texts)} |"


@pytest.mark.parametrize("name", [*MEASURED, *PEERS])
def test_the_damaged_checkpoints_are_those_that_were_measured(name):
    found = result(name)
    title = MEASURED.get(name) or PEERS[name]
    assert row(title, *counts_of_flips(found).values()) in PAGE.splitlines()
    assert found["commit"] in PAGE
    if name in MEASURED:
        assert found["refused"] == found["tried"]


@pytest.mark.parametrize("task", TASKS)
def test_the_calls_that_went_wrong_are_those_that_were_measured(task):
    found = result(f"faults_{task}")
    assert found["tried"] > 0
    calls = sum(found["calls"].values())
    assert row(f"`{task}`", calls, found["tried"], found["failed"]) in PAGE.splitlines()
    assert found["commit"] in PAGE


@pytest.mark.parametrize("peer", KILLED)
def test_the_kills_of_a_peer_are_those_that_were_measured(peer):
    found = result(f"torture_peer_{peer}")
    assert found["kills"] > 0
    exact = f"{found['exact']} of {found['runs']}"
    name = f"{KILLED[peer]} {found['version']}"
    begin = row(name, found["kills"], exact, found["failed"], found["lost_steps_per_kill"])
    assert sum(line.startswith(begin) for line in PAGE.splitlines()) == 1
    assert found["commit"] in PAGE


def test_the_faults_of_a_peer_are_those_that_were_measured():
    found = result("faults_peer_lightning")
    other = found["outcomes"]["another result"]
    assert sum(found["outcomes"].values()) == found["tried"] > 0
    assert f"{found['tried']} faults tried, {other} ended with another result" in PAGE
    assert found["commit"] in PAGE


def test_the_lost_machines_are_those_that_were_measured():
    found = result("machines")
    assert found["cases"]
    for name, case in found["cases"].items():
        if "longest_seconds" in case:
            cells = (name, case["tries"], case["longest_seconds"], case["exact"])
            assert row(*cells) in PAGE.splitlines()
    assert found["failed"] == 0
    assert found["commit"] in PAGE


def test_the_commands_that_something_was_wrong_with_are_those_that_were_tried():
    found = result("one_line")
    expected = f"{found['pairs']:,} pairs of a command and a fault, {found['failed']} failed"
    assert expected in PAGE
    assert found["commit"] in PAGE


def test_the_attacks_on_the_demo_are_those_that_were_made():
    found = result("demo_attack")
    assert sorted(found["tasks"]) == sorted(TASKS)
    for task, counts in found["tasks"].items():
        cells = [counts[name] for name in ("tried", "refused", "answered", "failed")]
        memory = counts["memory_peak_with_children_mb"]
        assert row(f"`{task}`", *cells, memory) in PAGE.splitlines()
    assert found["commit"] in PAGE
