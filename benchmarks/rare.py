"""What --class-weights and --best-by change where a class is rare: 6 % of Caravan's customers.

    python benchmarks/rare.py --project build/bench/my-torch-project [--rounds 3] [--quick]

The project is a tabular one, as it is generated. Needs its packages, and `pip install --no-deps
ISLP`: the table is read from that package when this runs, and is never copied. A round is a seed.
Writes results/rare.json.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import distribution, version
from pathlib import Path

from measure import commit, read_options, write

TARGET = "Purchase"
WAYS = {
    "defaults": [],
    "--class-weights 0.5": ["--class-weights", "0.5"],
    "--class-weights 1": ["--class-weights", "1"],
    "--best-by macro_f1": ["--best-by", "macro_f1"],
    "--class-weights 0.5 --best-by macro_f1": [
        "--class-weights",
        "0.5",
        "--best-by",
        "macro_f1",
    ],
    "--class-weights 1 --best-by macro_f1": ["--class-weights", "1", "--best-by", "macro_f1"],
}
SCORES = ("accuracy", "macro_f1", "balanced_accuracy")


def command(project: Path, *words: object) -> None:
    """Run a command of the project to its end."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=project,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def score(project: Path, table: Path, seed: int, options: list[str], baseline: bool) -> dict:
    """Train, and return what eval.json says of the test data."""
    folder = project / "runs" / "rare"
    shutil.rmtree(folder, ignore_errors=True)
    words = ["--data", table, "--target", TARGET, "--device", "cpu", "--seed", seed, *options]
    command(project, "train.py", *words, "--run-dir", folder)
    more = [] if baseline else ["--no-baseline"]
    command(project, "eval.py", "--run-dir", folder, "--device", "cpu", *more)
    return json.loads((folder / "eval.json").read_text(encoding="utf-8"))


def main() -> None:
    """Train with each of the ways and seeds, print a table, and write the result."""
    options = read_options(__doc__, 3)
    table = Path(str(distribution("ISLP").locate_file("ISLP/data/Caravan.csv")))
    found: dict[str, dict[str, list[float]]] = {}
    examples = 0
    measured = commit()  # others may follow while this runs
    with tempfile.TemporaryDirectory() as name:
        project = Path(name, "project")
        shutil.copytree(options.project, project, ignore=shutil.ignore_patterns("runs", ".git"))
        for way, words in WAYS.items():
            if options.quick:
                words = [*words, "--epochs", "2"]
            for seed in range(options.rounds):
                result = score(project, table, seed, words, baseline=not found)
                examples = result["n"]
                models = {way: result, **result["baselines"]}
                for model, scores in models.items():
                    row = found.setdefault(model, {name: [] for name in SCORES})
                    for metric in SCORES:
                        row[metric].append(round(scores[metric], 4))
    for model, scores in found.items():
        means = [f"{metric} {statistics.mean(values):.3f}" for metric, values in scores.items()]
        print(f"{model:40}", *means)
    what = {
        "commit": measured,
        "data": f"Caravan of ISLP {version('ISLP')}, {examples} examples in the test",
        "seeds": options.rounds,
        "test": found,
    }
    write(options.results / "rare.json", what)


if __name__ == "__main__":
    main()
