"""What docs/howto/language.md says of speed is what was measured."""

import json
import re
from statistics import mean

import pytest
from generators import ROOT, TEMPLATES

PAGE = (ROOT / "docs" / "howto" / "language.md").read_text(encoding="utf-8")
RESULTS = ROOT / "benchmarks" / "results"
TRAININGS = json.loads((RESULTS / "language.json").read_text(encoding="utf-8"))["trainings"]
WRITING = json.loads((RESULTS / "writing.json").read_text(encoding="utf-8"))


def loss(name: str, seeds: int) -> float:
    """Return the mean loss of a training that was made with so many seeds."""
    found = [what["loss"] for key, what in TRAININGS.items() if key.startswith(f"{name}, seed ")]
    assert len(found) == seeds, name
    return mean(found)


def default_context() -> int:
    """Return how many characters the first run looks back."""
    config = (TEMPLATES / "language" / "config.py").read_text(encoding="utf-8")
    return int(re.findall(r"    context: int = (\d+) ", config)[0])


def rows_of(table: str) -> list[list[str]]:
    """Return the cells of the rows of a table that the script has written."""
    _, after = PAGE.split(f"<!-- begin: {table}, ")
    written, _ = after.split(f"<!-- end: {table} -->")
    lines = written.splitlines()[3:]  # below the comment and the head
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("seconds", ["60", "180"])
def test_the_losses_beside_nanogpt_are_those_of_the_results(seconds):
    theirs = loss(f"{seconds} s, nanoGPT", seeds=1)
    ours = loss(f"{seconds} s, ours", seeds=1)
    assert [f"{seconds} s", f"{theirs:.2f}", f"{ours:.2f}"] in rows_of("pairs")
    assert ours <= theirs - 0.1


@pytest.mark.parametrize("seconds", [60, 180])
def test_the_seconds_that_the_trainings_took_stand_there_and_are_near_those_meant(seconds):
    for name in ("ours", "nanoGPT"):
        took = TRAININGS[f"{seconds} s, {name}, seed 0"]["seconds"]
        assert f"{took:.1f}" in PAGE
        assert took == pytest.approx(seconds, rel=0.1)


def test_what_the_parts_of_the_recipe_bring_is_that_of_the_results():
    rows = rows_of("ablation")
    assert len(rows) >= 8
    for text, part, instead, found in rows:
        name = f"{text}, {part}: {instead}" if instead else f"{text}, {part}"
        assert found == f"{loss(name, seeds=2):.3f}", name
    assert len(rows) == len([name for name in TRAININGS if " s, " not in name]) / 2


def test_each_part_of_the_recipe_pays_on_one_of_the_texts():
    pays: dict[str, float] = {}
    whole = {}
    for text, part, _, found in rows_of("ablation"):
        if part == "all":
            whole[text] = float(found)
        else:
            pays[part] = max(pays.get(part, 0), float(found) - whole[text])
    assert sorted(whole) == ["Shakespeare", "small talk"]
    assert len(pays) >= 6
    assert min(pays.values()) > 0.01, pays


def test_how_much_faster_the_cache_writes_is_that_of_the_results():
    assert len(WRITING["context"]) >= 3
    for context, found in WRITING["context"].items():
        default = ", the default" if int(context) == default_context() else ""
        assert f"| {context}{default} | {found['times as fast']:.1f} |" in PAGE
    assert WRITING["context"][str(default_context())]["times as fast"] >= 5
