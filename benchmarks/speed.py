"""Steps per second, start, memory and whole runs on one core: the project, a floor and the peers.

    python benchmarks/speed.py --project build/bench/my-torch-project [--rounds 5] [--quick]

Needs the packages of the project, and those of the peers. Each process trains the same network on
as many digits. "ours" is the project's own train.py; only its model.py is replaced. A step is timed
in slices, in which the trainings take turns (slices.py), and all of it twice, to see how far two
measurements agree. Whole runs follow one another. Writes results/speed.json.
"""

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from measure import CONTENDERS, interleave, ratio, read_options, run, target, write
from slices import Contender, paired_ratio, take_turns

PEERS = {
    "Lightning, bare": ["lightning_.py"],
    "Lightning, default": ["lightning_.py", "--default"],
    "Fabric": ["fabric_.py"],
    "Accelerate": ["accelerate_.py"],
    "Hugging Face Trainer": ["transformers_.py"],
    "Ignite": ["ignite_.py"],
    "skorch": ["skorch_.py"],
}
BASE = {"floor": ["floor.py"], "naive": ["naive.py"]}
GRID = [(model, batch_size) for model in ("mlp", "cnn") for batch_size in (32, 64, 128)]
BESIDE_ALL = ("mlp", 64)  # the one on which the peers are measured, too
FLOOR = {"mlp": 1.15, "cnn": 1.03}  # how many times the floor's step ours may take
AGREES = 0.05  # how far apart two measurements of a ratio may be
LR = "3e-3"  # of contenders/common.py
ENDLESS = 100_000  # epochs: all are stopped before


def make_project(project: Path, model: str, place: Path) -> Path:
    """Return a copy of the project that has another model.py, and nothing else of its own."""
    copy = place / model
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("runs", "__pycache__", ".git"))
    shutil.copy(CONTENDERS / "models" / f"{model}.py", copy / "model.py")
    return copy


def all_contenders(
    model: str, batch_size: int, epochs: int, place: Path, others: dict[str, list[str]]
) -> dict[str, Contender]:
    """Return what trains a network: the project, and others, each in an empty folder.

    Args:
        model: "mlp" or "cnn".
        batch_size: Of all.
        epochs: Of all.
        place: Where the copies of the project are.
        others: The words behind `python` of each other one, but for these.
    """
    shape = ["--batch-size", batch_size, "--epochs", epochs]
    shutil.rmtree(place / model / "runs", ignore_errors=True)
    own = ["train.py", *shape, "--lr", LR, "--device", "cpu", "--run-dir", "runs/bench"]
    found = {"ours": Contender(own, place / model)}
    for name, (script, *flags) in others.items():
        folder = Path(tempfile.mkdtemp(dir=place))
        words = [CONTENDERS / script, *flags, "--model", model, *shape]
        found[name] = Contender(words, folder)
    return found


def measure_steps(place: Path, cycles: int, seconds: float) -> dict[str, dict[str, list[float]]]:
    """Return the microseconds of a step of each contender in each cycle, for each network."""
    found = {}
    for model, batch_size in GRID:
        others = BASE | PEERS if (model, batch_size) == BESIDE_ALL else BASE
        contenders = all_contenders(model, batch_size, ENDLESS, place, others)
        notes = Path(tempfile.mkdtemp(dir=place))
        found[f"{model} {batch_size}"] = take_turns(contenders, cycles, seconds, notes)
        print(f"  {model}, batches of {batch_size}: {cycles} cycles", flush=True)
    return found


def whole_run(
    name: str, epochs: int, place: Path, others: dict[str, list[str]], number: int
) -> dict[str, float]:
    """Measure a whole process of a contender on the network beside all."""
    contender = all_contenders(*BESIDE_ALL, epochs, place, others)[name]
    return run(contender.words, contender.folder, epochs)


def step_targets(both: list[dict[str, dict[str, list[float]]]]) -> list[dict[str, Any]]:
    """Return what is asked of the steps, by the first measurement, and how far two agree."""
    targets, apart = [], []

    def compare(shape: str, one: str, other: str) -> dict[str, float]:
        first, second = (paired_ratio(found[shape][one], found[shape][other]) for found in both)
        apart.append(abs(second["median"] / first["median"] - 1))
        return first

    for model, batch_size in GRID:
        shape = f"{model} {batch_size}"
        title = f"{model}, batches of {batch_size}: time per step, ours / "
        targets.append(target(f"{title}floor", compare(shape, "ours", "floor"), FLOOR[model]))
        targets.append(target(f"{title}naive", compare(shape, "ours", "naive"), 1))
    shape = "{} {}".format(*BESIDE_ALL)
    for peer in PEERS:
        least = {"Lightning, default": 3, "Accelerate": 2}.get(peer, 1)
        title = f"mlp, batches of 64: steps per second, ours / {peer}"
        targets.append(target(title, compare(shape, peer, "ours"), least, most=False))
    worst = {"median": max(apart), "low": min(apart), "high": max(apart)}
    title = f"two measurements of {len(apart)} such ratios: the farthest are apart by"
    return [*targets, target(title, worst, AGREES)]


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    more = ("--cycles", {"type": int, "default": 40, "help": "slices of each training"})
    options = read_options(__doc__, 5, more)
    cycles, seconds = (3, 0.3) if options.quick else (options.cycles, 0.4)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for model in ("mlp", "cnn"):
            make_project(options.project, model, place)
        both = []
        for number in (1, 2):
            print(f"steps, measurement {number}")
            both.append(measure_steps(place, cycles, seconds))
        print("whole runs: mlp, batches of 64")
        epochs, others = 3 if options.quick else 20, BASE | PEERS
        makers = {one: partial(whole_run, one, epochs, place, others) for one in ("ours", *others)}
        whole = interleave(makers, options.rounds)
    targets = step_targets(both)
    title = f"a whole run of {epochs} epochs (mlp, batches of 64), ours / naive"
    targets.append(target(title, ratio(whole, "seconds", "ours", "naive"), 0.6))
    runs = {"epochs": epochs, "measured": whole}
    write(options.results / "speed.json", {"targets": targets, "steps": both, "runs": runs})


if __name__ == "__main__":
    main()
