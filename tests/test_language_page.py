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


def measured(what: str, name: str, seeds: int) -> list[float]:
    """Return the loss or the seconds of a training, for each of so many seeds."""
    return [TRAININGS[f"{name}, seed {seed}"][what] for seed in range(seeds)]


def loss(name: str, seeds: int) -> float:
    """Return the mean loss of a training that was made with so many seeds, and no more."""
    assert f"{name}, seed {seeds}" not in TRAININGS
    return mean(measured("loss", name, seeds))


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
    cells = [f"{seconds} s"]
    for name in ("nanoGPT", "ours"):
        training = f"{seconds} s, {name}"
        losses = measured("loss", training, seeds=3)
        cells.append(f"{loss(training, seeds=3):.2f} ({min(losses):.2f} to {max(losses):.2f})")
    assert cells in rows_of("pairs")


@pytest.mark.parametrize("seconds", ["60", "180"])
def test_with_each_seed_the_loss_is_lower_by_a_tenth_than_that_of_nanogpt(seconds):
    theirs = measured("loss", f"{seconds} s, nanoGPT", seeds=3)
    ours = measured("loss", f"{seconds} s, ours", seeds=3)
    for their_loss, our_loss in zip(theirs, ours, strict=True):
        assert our_loss <= their_loss - 0.1


@pytest.mark.parametrize("name", ["ours", "nanoGPT"])
def test_the_seconds_that_the_trainings_took_stand_there_and_are_near_those_meant(name):
    ranges = []
    for seconds in (60, 180):
        took = measured("seconds", f"{seconds} s, {name}", seeds=3)
        assert took == pytest.approx([seconds] * 3, rel=0.2)
        ranges.append(f"{min(took):.1f} to {max(took):.1f}")
    assert f"{' and '.join(ranges)} s of {name}" in PAGE


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
