"""What a second process brings on two cores, beside a second thread.

    python benchmarks/scaling.py --project build/bench/my-torch-project [--rounds 5] [--quick]

The project as it is generated, on pictures of 16 x 16 in batches of 1,024. Needs two cores that
nothing else uses. All run in turn. Writes results/scaling.json.
"""

import csv
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from measure import interleave, ratio, read_options, target, write
from PIL import Image

TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
WAYS = {  # how it is started, with how many threads in each process
    "1 process, 1 thread": ([], 1),
    "1 process, 2 threads": ([], 2),
    "torchrun, 1 process, 2 threads": ([*TORCHRUN, "1"], 2),
    "torchrun, 2 processes, 1 thread each": ([*TORCHRUN, "2"], 1),
}


def make_pictures(folder: Path, count: int) -> None:
    """Write noisy pictures of ten classes, in a folder for each."""
    noise = np.random.default_rng(0)
    for number in range(10):
        (folder / str(number)).mkdir(parents=True)
        for index in range(count // 10):
            pixels = noise.integers(0, 200, (16, 16, 3), np.uint8)
            pixels[number] = 255
            Image.fromarray(pixels).save(folder / str(number) / f"{index}.png")


def train(project: Path, way: str, folder: Path, options: list[str], turn: int) -> dict[str, float]:
    """Train in this way and return the seconds of an epoch, the median of all but the first."""
    launcher, threads = WAYS[way]
    run = folder / f"{way} {turn}"
    command = [sys.executable, *launcher, "train.py", "--run-dir", str(run), *options]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True)
    with (run / "metrics.csv").open(encoding="utf-8", newline="") as file:
        return {"seconds": median([float(row["seconds"]) for row in csv.DictReader(file)][1:])}


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    options = read_options(__doc__, 5)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make_pictures(place / "pictures", 2000 if options.quick else 8540)  # 5 batches of 1,024
        more = ["--data", str(place / "pictures"), "--image-size", "16", "--device", "cpu"]
        more += ["--batch-size", "1024", "--epochs", "2" if options.quick else "4"]
        makers = {way: partial(train, options.project, way, place, more) for way in WAYS}
        found = interleave(makers, options.rounds)
    alone, one, two = list(WAYS)[1:]
    targets = [
        target(f"speed, {two} / {alone}", ratio(found, "seconds", alone, two), 0.9, most=False),
        target(f"speed, {one} / {alone}", ratio(found, "seconds", alone, one), 0.95, most=False),
    ]
    write(options.results / "scaling.json", {"targets": targets, "measured": found})


if __name__ == "__main__":
    main()
