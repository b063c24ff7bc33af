"""docs/tables.md shows what benchmarks/tables.py has measured, and nothing else."""

import json

from generators import ROOT

PAGE = (ROOT / "docs/tables.md").read_text(encoding="utf-8")
RESULTS = json.loads((ROOT / "benchmarks/results/tables.json").read_text(encoding="utf-8"))
MODELS = ["linear", "forest", "boosting", "ours"]


def shown_rows():
    """Return the cells of each row of figures on the page, by the name of the table."""
    rows = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] in RESULTS["tables"]:
            rows[cells[0]] = cells
    return rows


def test_each_table_has_its_figures_on_the_page():
    rows = shown_rows()
    assert list(rows) == list(RESULTS["tables"])
    assert len(rows) == 12
    for name, found in RESULTS["tables"].items():
        scores = found["scores"]
        _, metric, test_rows, *shown, lead, _ = rows[name]
        assert metric == {"accuracy": "accuracy", "r2": "R²"}[found["metric"]]
        assert test_rows == f"{found['test']:,}"
        best = max(scores.values())
        for model, text in zip(MODELS, shown, strict=True):
            assert text.strip("*") == f"{scores[model]:.3f}"
            assert text.startswith("**") == (scores[model] == best)
        assert float(lead) == round(scores["ours"] - scores["boosting"], 3)


def test_the_summary_is_that_of_the_tables():
    leads = []
    for found in RESULTS["tables"].values():
        assert abs(sum(found["seeds"]) / len(found["seeds"]) - found["scores"]["ours"]) < 1e-3
        leads.append(found["scores"]["ours"] - found["scores"]["boosting"])
    summary = RESULTS["summary"]
    assert summary["ahead_of_boosting"] == sum(lead > 0 for lead in leads)
    assert abs(summary["most_behind_boosting"]["lead"] - min(leads)) < 1e-3
    assert f"ahead of boosting on {summary['ahead_of_boosting']} of the twelve" in PAGE
    assert f"mean rank of ours is {summary['mean_rank']['ours']}" in PAGE
    for model in MODELS[:-1]:
        assert f"{summary['mean_rank'][model]} ({model})" in PAGE


def test_a_table_on_which_ours_is_behind_is_named():
    _, text = PAGE.split("## What it says, and what not")
    for name, found in RESULTS["tables"].items():
        if found["scores"]["ours"] < found["scores"]["boosting"]:
            assert name in text
