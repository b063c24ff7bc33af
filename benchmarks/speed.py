"""Steps per second, start, memory and whole runs on one core: the project, a floor and the peers.

    python benchmarks/speed.py --project build/bench/my-torch-project [--rounds 5] [--quick]

Needs the packages of the project, and those of the peers. All run in turn, one process at a time;
each process trains the same network on as many digits. "ours" is the project's own train.py; only
its model.py is replaced. Writes results/speed.json.
"""

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from measure import CONTENDERS, interleave, ratio, read_options, run, target, write

PEERS = {
    "Lightning, bare": ["lightning_.py"],
    "Lightning, default": ["lightning_.py", "--default"],
    "Fabric": ["fabric_.py"],
    "Accelerate": ["accelerate_.py"],
    "Hugging Face Trainer": ["transformers_.py"],
    "Ignite": ["ignite_.py"],
}
BASE = {"floor": ["floor.py"], "naive": ["naive.py"]}
GRID = [(model, batch_size) for model in ("mlp", "cnn") for batch_size in (32, 64, 128)]
LR = "3e-3"  # of contenders/common.py


def make_project(project: Path, model: str, place: Path) -> Path:
    """Return a copy of the project that has another model.py, and nothing else of its own."""
    copy = place / model
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("runs", "__pycache__", ".git"))
    shutil.copy(CONTENDERS / "models" / f"{model}.py", copy / "model.py")
    return copy


def ours(project: Path, shape: list[Any], epochs: int, number: int) -> dict[str, float]:
    """Measure the project's train.py."""
    shutil.rmtree(project / "runs", ignore_errors=True)
    words = ["train.py", *shape, "--epochs", epochs, "--lr", LR, "--device", "cpu"]
    return run([*words, "--run-dir", "runs/bench"], project, epochs)


def other(words: list[Any], place: Path, epochs: int, number: int) -> dict[str, float]:
    """Measure a contender, in an empty folder."""
    folder = place / f"contender_{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    words = [CONTENDERS / words[0], *words[1:], "--epochs", epochs]
    return run(words, folder, epochs)


def contest(
    contenders: dict[str, list[str]], model: str, batch_size: int, epochs: int, place: Path
) -> dict[str, Callable[[int], dict[str, float]]]:
    """Return how each contender is measured on a network and a batch size."""
    shape = ["--batch-size", batch_size]
    makers: dict[str, Any] = {"ours": partial(ours, place / model, shape, epochs)}
    for name, words in contenders.items():
        makers[name] = partial(other, [*words, "--model", model, *shape], place, epochs)
    return makers


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    more = ("--grid-rounds", {"type": int, "default": 5, "help": "for each network and batch"})
    options = read_options(__doc__, 5, more)
    grid, targets = {}, []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for model in ("mlp", "cnn"):
            make_project(options.project, model, place)
        for model, batch_size in GRID:
            print(f"{model}, batches of {batch_size}")
            epochs = 3 if options.quick else {"mlp": 100, "cnn": 30}[model]
            makers = contest(BASE, model, batch_size, epochs, place)
            rounds = 1 if options.quick else options.grid_rounds
            found = interleave(makers, rounds, warm_up=batch_size == GRID[0][1])
            grid[f"{model} {batch_size}"] = {"epochs": epochs, "measured": found}
            title = f"{model}, batches of {batch_size}: time per step, ours / "
            step = partial(ratio, found, "step_us")
            targets.append(target(f"{title}floor", step("ours", "floor"), 1.05))
            targets.append(target(f"{title}naive", step("ours", "naive"), 1))
        print("all contenders: mlp, batches of 64")
        epochs = 3 if options.quick else 20
        peers = interleave(contest(BASE | PEERS, "mlp", 64, epochs, place), options.rounds)
    step = partial(ratio, peers, "step_us")
    for peer, least in {"Lightning, default": 2, "Accelerate": 1.4}.items():
        title = f"mlp, batches of 64: steps per second, ours / {peer}"
        targets.append(target(title, step(peer, "ours"), least, most=False))
    title = f"a whole run of {epochs} epochs (mlp, batches of 64), ours / naive"
    targets.append(target(title, ratio(peers, "seconds", "ours", "naive"), 0.6))
    whole = {"model": "mlp", "batch_size": 64, "epochs": epochs, "measured": peers}
    write(options.results / "speed.json", {"targets": targets, "grid": grid, "peers": whole})


if __name__ == "__main__":
    main()
