"""docs/few-examples.md shows what benchmarks/few_examples.py has measured, and nothing else."""

import json
from statistics import mean

import pytest
from generators import ROOT

PAGE = (ROOT / "docs/few-examples.md").read_text(encoding="utf-8")
RESULTS = json.loads((ROOT / "docs/results/few_examples.json").read_text(encoding="utf-8"))
METHODS = ["from scratch", "frozen", "fine-tuned"]
# So much higher the accuracy shall be than from scratch.
AIMS = {"stamps": 0.25, "small stamps": 0.25, "news": 0.15}


def rows_of(heading: str) -> dict[str, list[str]]:
    """Return the rows of the first table behind a heading, by their first cells."""
    rows = {}
    for line in PAGE.split(heading, 1)[1].split("\n## ", 1)[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] in RESULTS:
            rows[cells[0]] = cells[1:]
    return rows


def test_each_data_set_has_its_figures_on_the_page():
    rows = rows_of("# Few examples")
    assert list(rows) == list(RESULTS) == ["stamps", "small stamps", "news", "digits"]
    for name, found in RESULTS.items():
        expected = [str(found["tested"])]
        for method in METHODS:
            scores = [run["accuracy"] for run in found[method]]
            assert len(scores) == 5
            assert found["mean"][method] == round(mean(scores), 4)
            expected.append(f"{mean(scores):.3f} ({min(scores):.3f} to {max(scores):.3f})")
        assert rows[name] == expected


def test_the_simpler_models_and_the_seconds_are_on_the_page():
    models = rows_of("## Beside simpler models")
    seconds = rows_of("## What it takes")
    for name, found in RESULTS.items():
        texts = [f"{model} {score:.3f}" for model, score in found["simpler"].items()]
        assert models[name] == ["; ".join(texts)]
        expected = []
        for method in METHODS:
            expected.append(f"{mean(run['cpu_seconds'] for run in found[method]):.0f} s")
        assert seconds[name] == expected


def test_what_is_missed_is_said():
    text = PAGE.split("## What it says, and what not")[1]
    for name, aim in AIMS.items():
        means = RESULTS[name]["mean"]
        ahead = means["fine-tuned"] - means["from scratch"]
        said = f"The aim was {aim} more than from scratch on **{name}**, and it is {ahead:.3f}."
        assert (said in text) == (ahead < aim)


def test_where_fine_tuned_is_worse_than_frozen_is_said():
    text = PAGE.split("## What it says, and what not")[1]
    for name, found in RESULTS.items():
        below = found["mean"]["frozen"] - found["mean"]["fine-tuned"]
        said = f"The aim was never to be below frozen. On **{name}** it is, by {below:.3f}"
        assert (said in text) == (below > 0)


def test_fine_tuning_on_the_stamps_takes_less_than_a_minute_of_one_core():
    for run in RESULTS["stamps"]["fine-tuned"]:
        assert run["cpu_seconds"] < 60


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_readme_has_the_figures_of_the_stamps_at_the_size_that_suits_each(name):
    (line,) = [
        line
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if "(docs/few-examples.md)" in line
    ]
    tuned = RESULTS["stamps"]["fine-tuned"]
    scratch = RESULTS["small stamps"]["from scratch"]
    seconds = mean(run["cpu_seconds"] for run in tuned)
    assert f"{mean(run['accuracy'] for run in tuned):.3f}" in line
    assert f"{mean(run['accuracy'] for run in scratch):.3f}" in line
    assert f"{seconds:.0f} s of one core" in line or f"{seconds:.0f}초" in line
