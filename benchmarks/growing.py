"""What happens as the data in memory grow: time per step, the start of an epoch, memory.

    python benchmarks/growing.py --project build/bench/my-torch-project [--rounds 60] [--quick]

Measures the project's make_loader and load_data, with the packages of the project. The sizes take
turns, each for a tenth of a second: what else the machine does then slows all of them down. Writes
results/growing.json. Files are in files.py, a long text in long_text.py.
"""

import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from measure import CONTENDERS, read_options, spread, target, write
from PIL import Image
from slices import paired_ratio
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

sys.path += [str(CONTENDERS)]
SIZES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]
BATCH_SIZE = 64
STEPS = 150  # in a turn
FETCHES = 1000  # batches in a turn without steps


class Pictures(Dataset):
    """Pictures in folders, opened, decoded and resized whenever they are asked for."""

    def __init__(self, paths: list[Path], size: int) -> None:
        self.paths, self.size = paths, size
        classes = sorted({path.parent.name for path in paths})
        self.labels = [classes.index(path.parent.name) for path in paths]

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        with Image.open(self.paths[index]) as file:
            picture = file.convert("RGB").resize((self.size, self.size))
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1), self.labels[index]


def make_dataset(count: int) -> Any:
    """Return random images of 8 x 8 with labels, in memory."""
    from engine.dataset import InMemory

    generator = torch.Generator().manual_seed(0)
    images = torch.randint(256, (count, 1, 8, 8), dtype=torch.uint8, generator=generator)
    return InMemory(images, torch.randint(10, (count,), generator=generator))


def make_loader(dataset: Any) -> Any:
    """Return the project's loader for training."""
    from config import Config
    from engine.loader import make_loader

    return make_loader(dataset, BATCH_SIZE, Config(), seed=0)


class Epochs:
    """Batches of one epoch after the other, and how long each epoch took to begin."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader
        self.starts: list[float] = []
        self.begin()

    def begin(self) -> None:
        """Begin the next epoch: make its order, and fetch its first batch."""
        self.loader.sampler.epoch += 1
        began = time.perf_counter()
        self.batches = iter(self.loader)
        next(self.batches)
        self.starts.append(time.perf_counter() - began)

    def spend(self, count: int, train: Callable[[Tensor, Tensor], None]) -> float:
        """Return the seconds of a step, the median of so many. What begins an epoch is left out."""
        spans = []
        while len(spans) < count:
            began = time.perf_counter()
            batch = next(self.batches, None)
            if batch is None:
                self.begin()
                continue
            train(*batch)
            spans.append(time.perf_counter() - began)
        return statistics.median(spans)


def time_steps(rounds: int) -> dict[str, Any]:
    """Return for each size the seconds of a step, of fetching its batch, and of an epoch's start.

    A step is one of the small perceptron with fused AdamW. In each round each size has a turn, and
    each round begins with another one.
    """
    from common import build_model

    epochs = {size: Epochs(make_loader(make_dataset(size))) for size in SIZES}
    model = build_model("mlp", next(epochs[SIZES[0]].batches)[0])
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)

    def train(images: Tensor, labels: Tensor) -> None:
        optimizer.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()

    found: dict[str, Any] = {size: {"step": [], "fetch": [], "start": []} for size in SIZES}
    for number in range(-1, rounds):  # one round before, that is not counted
        first = number % len(SIZES)
        for size in SIZES[first:] + SIZES[:first]:
            step = epochs[size].spend(STEPS, train)
            fetch = epochs[size].spend(FETCHES, lambda *_: None)
            epochs[size].begin()
            if number >= 0:
                found[size]["step"].append(round(step, 9))
                found[size]["fetch"].append(round(fetch, 9))
                found[size]["start"].append(round(epochs[size].starts[-1], 6))
    return found


def measure_memory(count: int) -> None:
    """Print how many bytes a sample an epoch's order takes: at most for a moment, and all along."""
    for _ in make_loader(make_dataset(1000)):
        pass
    sampler = make_loader(make_dataset(count)).sampler
    forget_peak()
    before = read_memory("VmRSS")
    batches = iter(sampler)
    next(batches)
    held, peak = (read_memory(name) - before for name in ("VmRSS", "VmHWM"))
    print(json.dumps({"held": held / count, "peak": peak / count}))


def forget_peak() -> None:
    """Let the system forget how many bytes this process has had at most."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


def read_memory(name: str) -> int:
    """Return how many bytes this process has in memory, or has had at most."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def make_pictures(folder: Path, count: int) -> None:
    """Write smooth random pictures of 96 x 96 as JPEG into ten folders."""
    random = np.random.default_rng(0)
    for number in range(count):
        path = folder / f"class_{number % 10}" / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        small = Image.fromarray(random.integers(0, 256, (12, 12, 3), dtype=np.uint8))
        small.resize((96, 96), Image.Resampling.BICUBIC).save(path, quality=90)


def time_pictures(rounds: int, count: int) -> dict[str, Any]:
    """Return the seconds of an epoch of reading pictures: decoded each time, and from the cache."""
    from config import Config
    from data import load_data

    folder = Path("pictures").resolve()
    make_pictures(folder, count)
    config = dataclasses.replace(Config(), data=str(folder), image_size=64)
    found: dict[str, Any] = {"pictures": count, "loading": []}
    for _ in range(2):  # the first time decodes and writes the cache
        began = time.perf_counter()
        data = load_data(config)
        found["loading"].append(round(time.perf_counter() - began, 4))
    cached = make_loader(data.train)
    paths = sorted(folder.rglob("*.jpg"))[: len(data.train)]
    decoded = DataLoader(Pictures(paths, 64), batch_size=BATCH_SIZE, shuffle=True)
    found |= {"trained_on": len(paths), "cached": [], "decoded": []}
    for _ in range(rounds):
        for name, loader in {"cached": cached, "decoded": decoded}.items():
            began = time.perf_counter()
            seen = sum(len(labels) for _, labels in loader)
            found[name].append(round(time.perf_counter() - began, 5))
            assert seen == len(paths)
    return found


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    memory = ("--memory", {"type": int, "help": "only this, for an epoch of so many samples"})
    options = read_options(__doc__, 60, memory)
    torch.set_num_threads(1)
    sys.path.insert(0, str(options.project))
    if options.memory:
        measure_memory(options.memory)
        return
    times = time_steps(options.rounds)
    least, most = SIZES[0], SIZES[-1]
    words = [sys.executable, __file__, "--project", options.project, "--memory", str(most)]
    memory = json.loads(subprocess.check_output(words, encoding="utf-8"))
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)  # the cache of the pictures is made in runs/ of the working folder
        pictures = time_pictures(min(options.rounds, 7), 200 if options.quick else 2000)
        os.chdir(options.project)

    targets = []
    for size in SIZES[1:]:
        ratio = paired_ratio(times[size]["step"], times[least]["step"])
        title = f"time per step with {size:,} examples / with {least:,}"
        targets.append(target(title, ratio, 1.05))
    title = "bytes an example that an epoch's order takes"
    targets.append(target(title, spread([memory["held"]]), 8.1))
    steps = most / BATCH_SIZE
    shares = zip(times[most]["start"], times[most]["step"], strict=True)
    share = spread(start / (steps * step) for start, step in shares)
    title = f"an epoch's start / its steps, {most:,} examples"
    targets.append(target(title, share, 0.05))
    faster = zip(pictures["decoded"], pictures["cached"], strict=True)
    title = "an epoch of pictures: decoded each time / from the cache"
    targets.append(target(title, spread(a / b for a, b in faster), 5, most=False))
    what = {"targets": targets, "sizes": times, "memory": memory, "pictures": pictures}
    write(options.results / "growing.json", what)


if __name__ == "__main__":
    main()
