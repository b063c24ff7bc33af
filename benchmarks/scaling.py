"""What a second process brings on two cores, beside a second thread.

    python benchmarks/scaling.py --project build/bench/my-torch-project [--rounds 5] [--quick]

The project as it is generated, on pictures of 16 x 16 in batches of 1,024. Needs two cores that
nothing else uses. All run in turn. Then two processes leave out what they tell each other, one
piece after the other (between_processes.py), to see what each costs. Writes results/scaling.json.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from measure import HERE, interleave, ratio, read_options, spread, target, write
from PIL import Image

TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
WAYS = {  # how it is started, with how many threads in each process
    "1 process, 1 thread": ([], 1),
    "1 process, 2 threads": ([], 2),
    "torchrun, 1 process, 2 threads": ([*TORCHRUN, "1"], 2),
    "torchrun, 2 processes, 1 thread each": ([*TORCHRUN, "2"], 1),
}


# What is left out, as between_processes.py calls it.
PIECES = ("nothing", "gradients", "normalisation", "buffers", "shares", "votes", "everything")


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


def leave_out(project: Path, run: Path, options: list[str], cycles: int) -> dict[str, Any]:
    """Train in two processes that leave out a piece in each epoch; return the seconds of a step."""
    program = [str(HERE / "between_processes.py"), ",".join(PIECES)]
    epochs = ["--epochs", str((cycles + 1) * len(PIECES))]  # the first turns warm up
    command = [sys.executable, *TORCHRUN, "2", *program, "--run-dir", str(run), *options, *epochs]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=project, env=environment, check=True, capture_output=True, encoding="utf-8"
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("between ")]
    return json.loads(line.removeprefix("between "))


def without(found: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return how long a step without each piece takes, as a part of the whole step."""
    seconds = found["seconds"]
    shares = {}
    for piece, times in seconds.items():
        pairs = zip(times, seconds["nothing"], strict=True)
        shares[piece] = spread(time / whole for time, whole in pairs)
    return shares


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    options = read_options(__doc__, 5)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make_pictures(place / "pictures", 2000 if options.quick else 8540)  # 5 batches of 1,024
        more = ["--data", str(place / "pictures"), "--image-size", "16", "--device", "cpu"]
        more += ["--batch-size", "1024"]
        epochs = ["--epochs", "2" if options.quick else "4"]
        makers = {way: partial(train, options.project, way, place, more + epochs) for way in WAYS}
        found = interleave(makers, options.rounds)
        cycles = 1 if options.quick else 12
        pieces = leave_out(options.project, place / "between", [*more, "--lr", "1e-6"], cycles)
    alone, one, two = list(WAYS)[1:]
    targets = [
        target(f"speed, {two} / {alone}", ratio(found, "seconds", alone, two), 0.9, most=False),
        target(f"speed, {one} / {alone}", ratio(found, "seconds", alone, one), 0.95, most=False),
    ]
    pieces["without"] = without(pieces)
    for piece, share in pieces["without"].items():
        print(f"  a step without {piece} takes {share['median']:.2f} of it", flush=True)
    write(
        options.results / "scaling.json", {"targets": targets, "measured": found, "pieces": pieces}
    )


if __name__ == "__main__":
    main()
