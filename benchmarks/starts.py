"""How long commands take from the start of the process, and what checkpoints cost.

    python benchmarks/starts.py --project build/bench/my-torch-project [--rounds 5] [--quick]

The project is as it is generated, its settings are the defaults. Needs the packages of the project.
All run in turn, one process at a time. Writes results/starts.json.
"""

import shutil
import tempfile
from functools import partial
from pathlib import Path

from measure import CONTENDERS, interleave, ratio, read_options, run, spread, target, write


def train(project: Path, epochs: int, number: int) -> dict[str, float]:
    """Measure a training with the default settings but for its length."""
    shutil.rmtree(project / "runs" / "bench", ignore_errors=True)
    words = ["train.py", "--device", "cpu", "--epochs", epochs, "--run-dir", "runs/bench"]
    return run(words, project, epochs)


def command(project: Path, words: list, number: int) -> dict[str, float]:
    """Measure a command."""
    return run(words, project)


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    options = read_options(__doc__, 5)
    with tempfile.TemporaryDirectory() as name:
        project = Path(name, "project")
        shutil.copytree(options.project, project, ignore=shutil.ignore_patterns("runs", ".git"))
        made = ["--device", "cpu", "--run-dir", "runs/made"]
        run(["train.py", "--epochs", "2", *made], project, 2)
        run(["eval.py", *made], project)
        (picture, *_) = sorted((project / "runs" / "made" / "examples").iterdir())
        by_hand = CONTENDERS / "by_hand.py"
        programs = {
            "import torch": ["-c", "import torch"],
            "torch": [by_hand, "--with", "nothing"],
            "one step by hand, data by NumPy": [by_hand, "--with", "numpy"],
            "one step by hand, data by scikit-learn": [by_hand, "--with", "scikit-learn"],
            "train.py --help": ["train.py", "--help"],
            "predict.py": ["predict.py", picture, *made],
        }
        makers = {title: partial(command, project, words) for title, words in programs.items()}
        epochs = 2 if options.quick else 20
        makers["train.py"] = partial(train, project, epochs)
        makers["train.py, long"] = partial(train, project, 5 * epochs)
        found = interleave(makers, options.rounds)
    processes = partial(ratio, found, "seconds")
    title = "train.py --help / a process that only imports torch"
    targets = [target(title, processes("train.py --help", "import torch"), 0.2)]
    title = "predict.py on one picture / a process that only imports torch"
    targets.append(target(title, processes("predict.py", "import torch"), 1.3))
    for how in ("NumPy", "scikit-learn"):
        title = f"first optimizer step / that of a script that loads the data with {how}"
        value = ratio(found, "first_step", "train.py", f"one step by hand, data by {how}")
        targets.append(target(title, value, 1.3))
    for name, count in {"train.py": epochs, "train.py, long": 5 * epochs}.items():
        value = spread(one["saving"] / one["training"] for one in found[name])
        title = f"checkpoints' share of the training time, default settings, {count} epochs"
        targets.append(target(title, value, 0.03))
    write(options.results / "starts.json", {"targets": targets, "measured": found})


if __name__ == "__main__":
    main()
