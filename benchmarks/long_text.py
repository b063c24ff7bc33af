"""A language model's text, from 1 MB to 1 GB: how long it takes to load, memory, time per step.

    python benchmarks/long_text.py --project build/bench/my-language-model [--rounds 40] [--quick]

PROJECT is a generated project of task=language. Each text is loaded in a new process, twice, by the
project's load_data; then steps on the shortest text and on the longest take turns in one process.
The text is made of random words. Needs 8 GB of memory. Writes results/long_text.json.
"""

import argparse
import dataclasses
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from files import cpu_seconds
from growing import forget_peak, read_memory
from measure import read_options, spread, target, write
from slices import paired_ratio

SIZES = [1_000_000, 10_000_000, 100_000_000, 1_000_000_000]  # characters, of a byte each
WORDS = 5000  # different ones
LINE = 72  # characters
STEPS = 10  # in a turn
FETCHES = 100  # batches in a turn without steps
LIMIT = 1.05


def write_text(path: Path, size: int) -> None:
    """Write so many characters: lines of words, some of which come often."""
    random = np.random.default_rng(0)
    letters = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
    words = np.array(["".join(random.choice(letters, random.integers(2, 9))) for _ in range(WORDS)])
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        while written < size:
            chosen = words[(random.zipf(1.3, 100_000) - 1) % WORDS]
            text = " ".join(chosen)[: size - written]
            lines = [text[begin : begin + LINE - 1] for begin in range(0, len(text), LINE)]
            written += file.write("\n".join([*lines, ""]))


def measure_load(path: Path) -> None:
    """Print as JSON what it takes to load a text: seconds, and bytes of memory."""
    from config import Config
    from data import load_data

    config = dataclasses.replace(Config(), data=str(path))
    gc.disable()  # as in train.py until the run begins
    forget_peak()
    before = read_memory("VmRSS")
    began, cpu, system = time.perf_counter(), cpu_seconds(), os.times().system
    data = load_data(config)
    found = {"seconds": time.perf_counter() - began, "cpu_seconds": cpu_seconds() - cpu}
    found["system_seconds"] = os.times().system - system  # of these
    for name, kind in (("held", "VmRSS"), ("peak", "VmHWM")):
        found[name] = read_memory(kind) - before
    found["characters"] = sum(len(part.sequence) for part in (data.train, data.val, data.test))
    print(json.dumps({name: round(value, 6) for name, value in found.items()}))


def measure_steps(paths: list[Path], rounds: int) -> None:
    """Print as JSON the seconds of a step, of fetching its batch and of an epoch's start."""
    import torch

    from config import Config
    from data import load_data
    from engine.loader import make_loader
    from model import build_model, compute_loss

    torch.set_num_threads(1)
    config = Config()
    loaders, batches = {}, {}
    for path in paths:
        data = load_data(dataclasses.replace(config, data=str(path)))
        loaders[path.name] = make_loader(data.train, config.batch_size, config, seed=0)
        batches[path.name] = iter(loaders[path.name])
        next(batches[path.name])
    model = build_model(config, data.info)
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)

    def train(batch: Any) -> None:
        losses, _ = compute_loss(model, batch, config)
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()

    found: dict[str, Any] = {path.name: {"step": [], "fetch": [], "start": []} for path in paths}
    names = list(found)
    for number in range(-1, rounds):  # one round before, that is not counted
        for name in names[number % 2 :] + names[: number % 2]:
            spans = {}
            for way, count in (("step", STEPS), ("fetch", FETCHES)):
                spans[way] = []
                for _ in range(count):
                    began = time.perf_counter()
                    batch = next(batches[name])
                    if way == "step":
                        train(batch)
                    spans[way].append(time.perf_counter() - began)
            loaders[name].sampler.epoch += 1
            began = time.perf_counter()
            batches[name] = iter(loaders[name])
            next(batches[name])
            spans["start"] = [time.perf_counter() - began]
            if number >= 0:
                for way, seconds in spans.items():
                    found[name][way].append(round(median(seconds), 7))
    print(json.dumps(found))


def ask(project: Path, *words: Any) -> Any:
    """Run this script in a new process, and return what it prints."""
    command = [sys.executable, __file__, "--project", project, *words]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    said = subprocess.check_output([*map(str, command)], encoding="utf-8", env=environment)
    return json.loads(said.splitlines()[-1])


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    hidden = argparse.SUPPRESS  # of the processes that this one starts
    options = read_options(
        __doc__, 40,
        ("--load", {"type": Path, "help": hidden}),
        ("--steps", {"type": Path, "nargs": 2, "help": hidden}),
    )  # fmt: skip
    sys.path.insert(0, str(options.project))
    if options.load:
        measure_load(options.load)
        return
    if options.steps:
        measure_steps(options.steps, options.rounds)
        return
    sizes = [size // 10 for size in SIZES[:-1]] if options.quick else SIZES
    loads: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as place:
        paths = [Path(place, f"{size}.txt") for size in sizes]
        for path, size in zip(paths, sizes, strict=True):
            write_text(path, size)
            loads[str(size)] = [ask(options.project, "--load", path) for _ in range(2)]
            print(f"  {size:,} characters: {loads[str(size)]}", flush=True)
        ends = [paths[0], paths[-1]]
        words = ["--steps", *ends, "--rounds", options.rounds]
        steps = {Path(name).stem: one for name, one in ask(options.project, *words).items()}
    before, most = sizes[-2:]
    first, last = steps.values()
    costs = {
        size: [one["cpu_seconds"] / one["characters"] for one in loads[str(size)]]
        for size in (before, most)
    }
    flat = spread(a / b for a, b in zip(costs[most], costs[before], strict=True))
    title = f"CPU for each character to load, {most:,} characters / {before:,}"
    targets = [target(title, flat, LIMIT)]
    peak = spread(one["peak"] / one["characters"] for one in loads[str(most)])
    title = f"bytes of memory for each of {most:,} characters, at most while they are loaded"
    targets.append(target(title, peak, 8))
    title = f"time per step with {most:,} characters / with {sizes[0]:,}"
    targets.append(target(title, paired_ratio(last["step"], first["step"]), LIMIT))
    what = {"targets": targets, "loads": loads, "steps": steps}
    write(options.results / "long_text.json", what)


if __name__ == "__main__":
    main()
