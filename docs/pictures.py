"""Make the pictures and the figures of the READMEs: generate, train and score every variant.

    python docs/pictures.py

Needs cookiecutter and what a generated project needs, in one environment. Writes, for each task,
docs/<task>_curves.png, docs/<task>_confusion.png (for a language model docs/<task>_context.png) and
the picture in the variant's own folder, and for all of them docs/results/first_project.json.
"""

import csv
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from cookiecutter.main import cookiecutter
from versions import commit

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TASKS: list[str] = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))["task"]
SEEDS = range(5)
METRICS = {"language": "bits_per_character"}  # of the others the accuracy
PACKAGES = ("torch", "numpy", "matplotlib", "scikit-learn")
# The project draws its curves as a PNG. Here the same figure is saved as text too, because a
# picture that is text can be a part of a variant, like its other files.
TRAIN_AND_DRAW = """
import runpy, sys
import matplotlib
sys.path.insert(0, "")
from engine import plots
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "the same ids each time"})
save_figure = plots.save_figure
def save_twice(figure, path, **options):
    save_figure(figure, path, **options)
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None, "Creator": None})
plots.save_figure = save_twice
sys.argv = ["train.py", *sys.argv[1:]]
runpy.run_path("train.py", run_name="__main__")
"""


def run(project: Path, *command: str) -> tuple[float, float]:
    """Run Python in the project with one thread.

    Returns:
        How many seconds it took, and how many of these it had a core: other programs may run, too.
    """
    began = time.perf_counter()
    before = os.times()
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, *command], cwd=project, env=environment, check=True)
    after = os.times()
    computed = after.children_user + after.children_system
    computed -= before.children_user + before.children_system
    return time.perf_counter() - began, computed


def train_and_score(project: Path, seed: int, metric: str) -> dict[str, Any]:
    """Train with a seed, score the best model, and return what came of it."""
    folder = f"runs/{seed}"
    options = "--run-dir", folder, "--seed", str(seed)
    train = ("-c", TRAIN_AND_DRAW) if seed == 0 else ("train.py",)
    seconds, computed = run(project, *train, *options)
    others = () if seed == 0 else ("--no-baseline",)  # they know no seed
    run(project, "eval.py", "--run-dir", folder, *others)
    scored = json.loads((project / folder / "eval.json").read_text(encoding="utf-8"))
    with (project / folder / "metrics.csv").open(encoding="utf-8") as file:
        training = sum(float(row["seconds"]) for row in csv.DictReader(file))
    return {
        "seed": seed,
        f"test_{metric}": round(scored[metric], 4),
        "test_examples": scored["n"],
        "baselines": {name: round(one[metric], 4) for name, one in scored["baselines"].items()},
        "training_seconds": round(training * computed / seconds, 2),
        "train_py_seconds": round(computed, 1),
    }


def mean(runs: list[dict[str, Any]], name: str) -> float:
    """Return the mean of one figure over the runs."""
    return sum(one[name] for one in runs) / len(runs)


def keep_pictures(run_folder: Path, task: str) -> None:
    """Copy a run's pictures to where the READMEs show them."""
    for name in ("curves", "confusion", "context"):
        if (run_folder / f"{name}.png").exists():
            shutil.copy(run_folder / f"{name}.png", DOCS / f"{task}_{name}.png")
    lines = (run_folder / "curves.svg").read_text(encoding="utf-8").splitlines()
    target = ROOT / "templates" / task / ".github" / "curves.svg"
    target.parent.mkdir(exist_ok=True)
    text = "".join(line.rstrip() + "\n" for line in lines)
    target.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Make everything anew."""
    results: dict[str, Any] = {
        "made_by": "docs/pictures.py",
        "date": time.strftime("%Y-%m-%d"),
        "commit": commit(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, no GPU used",
        "threads": 1,
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "tasks": {},
    }
    results["versions"]["python"] = platform.python_version()
    for task in TASKS:
        metric = METRICS.get(task, "accuracy")
        with tempfile.TemporaryDirectory() as folder:
            made = cookiecutter(
                str(ROOT),
                no_input=True,
                default_config=True,
                extra_context={"task": task},
                output_dir=folder,
            )
            project = Path(made)
            runs = [train_and_score(project, seed, metric) for seed in SEEDS]
            keep_pictures(project / "runs" / "0", task)
        scores = [one[f"test_{metric}"] for one in runs]
        results["tasks"][task] = {
            f"mean_test_{metric}": round(mean(runs, f"test_{metric}"), 4),
            f"worst_test_{metric}": min(scores) if metric == "accuracy" else max(scores),
            "baselines": runs[0].pop("baselines"),
            "mean_training_seconds": round(mean(runs, "training_seconds"), 2),
            "mean_train_py_seconds": round(mean(runs, "train_py_seconds"), 1),
            "runs": [{key: value for key, value in one.items() if value != {}} for one in runs],
        }
    target = DOCS / "results" / "first_project.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8", newline="\n")
    print(f"written: {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
