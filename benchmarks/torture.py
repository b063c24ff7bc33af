"""Kill a training again and again, resume it, and compare its end with that of an unbroken one.

    python benchmarks/torture.py --folder PROJECT --kills 50
    python benchmarks/torture.py --folder PROJECT --kills 20 --mode save

It takes any pair of commands (--train, --resume, and with --final the last checkpoint); {run} in
them is replaced by the run's folder. Needs the packages of the project. Steps are counted
from outside, by a hook that PyTorch calls after each step of an optimizer. Prints one JSON line.
"""

import argparse
import csv
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import torch
from measure import commit

# Runs in each killed process before anything else: notes its number, a byte for each step.
COUNTER = """
import os, sys, threading, time
with open(os.environ["STEPS"] + ".processes", "a") as processes:
    processes.write(f"{os.getpid()} ")
def count():  # without an import of its own, which could meet torch half imported
    while not (register := getattr(
        sys.modules.get("torch.optim.optimizer"), "register_optimizer_step_post_hook", None
    )):
        time.sleep(0.001)
    file = os.open(os.environ["STEPS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    register(lambda *_: os.write(file, b".") and None)
threading.Thread(target=count, daemon=True).start()
"""


class Torture:
    """One pair of commands, and what happened to it."""

    def __init__(self, options: argparse.Namespace, place: Path) -> None:
        self.options, self.place, self.random = options, place, random.Random(options.seed)
        (place / "hook").mkdir()
        (place / "hook" / "sitecustomize.py").write_text(COUNTER, encoding="utf-8")
        self.unreadable = self.kills = self.failed = 0
        self.exits: dict[int, int] = {}

    def start(self, command: str, run: Path, steps: Path) -> subprocess.Popen:
        """Start a command in the project's folder, its output in a file beside the run."""
        words = [word.replace("{run}", str(run)) for word in shlex.split(command)]
        words[0] = sys.executable if words[0] == "python" else words[0]
        paths = [str(self.place / "hook"), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {"STEPS": str(steps), "PYTHONPATH": os.pathsep.join(paths)}
        with run.with_suffix(".log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                words, cwd=self.options.folder, env=environment, stdout=log, stderr=log
            )

    def wait_for_the_moment(self, process: subprocess.Popen, run: Path, steps: Path) -> None:
        """Return at a random moment: after some more steps, or when a checkpoint is touched."""
        before = count(steps)
        wanted = before + self.random.randint(1, max(2, self.options.stride))
        while process.poll() is None and count(steps) < wanted:
            time.sleep(0.0005)
        if self.options.mode == "save":
            known = stamps(run)
            while process.poll() is None and stamps(run) == known:
                time.sleep(0.0005)
            time.sleep(self.random.uniform(0, 0.02))
        else:
            time.sleep(self.random.uniform(0, 0.02))

    def broken_run(self, run: Path) -> int | None:
        """Train with some kills in between; return how many steps were made in all, if it ends."""
        steps = run.with_suffix(".steps")
        command = self.options.train
        for number in range(self.options.kills_per_run + 1):
            process = self.start(command, run, steps)
            if number < self.options.kills_per_run:
                self.wait_for_the_moment(process, run, steps)
            if number < self.options.kills_per_run and process.poll() is None:
                process.send_signal(self.options.signal)
                if self.options.signal == signal.SIGKILL:  # else torchrun tells its processes
                    kill_all(steps.with_name(steps.name + ".processes"))
                self.kills += 1
                code = process.wait()
                self.exits[code] = self.exits.get(code, 0) + 1
                self.unreadable += unreadable_files(run, self.options.final)
            elif process.wait() != 0:
                self.failed += 1
                print(run.with_suffix(".log").read_text(encoding="utf-8")[-500:], file=sys.stderr)
                return None
            else:
                return count(steps)  # it got to its end before it could be killed
            command = self.options.resume
        return count(steps)


def kill_all(processes: Path) -> None:
    """Kill what a command has started, and what that has started."""
    for number in processes.read_text(encoding="utf-8").split():
        with suppress(ProcessLookupError):
            os.kill(int(number), signal.SIGKILL)
    processes.unlink()


def count(steps: Path) -> int:
    """Return how many optimizer steps have been made."""
    return steps.stat().st_size if steps.exists() else 0


def stamps(run: Path) -> set:
    """Return what changes when a file in the run's folder is touched."""
    found = set()
    for path in run.rglob("*"):
        try:
            found.add((path.name, path.stat().st_mtime_ns, path.stat().st_size))
        except FileNotFoundError:
            continue  # it was renamed in this moment
    return found


def unreadable_files(run: Path, pattern: str) -> int:
    """Return how many checkpoints under their final names are damaged."""
    found = 0
    for path in run.glob(str(Path(pattern).parent / f"*{Path(pattern).suffix}")):
        try:
            with zipfile.ZipFile(path) as archive:
                found += archive.testzip() is not None
        except (OSError, zipfile.BadZipFile):
            found += 1
    return found


def flatten(value: Any, name: str = "") -> dict[str, Any]:
    """Return all tensors and numbers in a nested checkpoint by their paths."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        return {name: value}
    return {
        path: one for key, part in items for path, one in flatten(part, f"{name}/{key}").items()
    }


def final_state(run: Path, pattern: str) -> dict[str, Any]:
    """Return the last checkpoint of a run, flat, and its metrics.csv, without what a clock says."""
    path = max(run.glob(pattern), key=lambda path: path.stat().st_mtime)
    state = flatten(torch.load(path, map_location="cpu", weights_only=True))
    kept = ("/model", "/optim", "/progress/sums")
    numbers = ("step", "epoch", "batch")
    state = {
        name: value
        for name, value in state.items()
        if name.startswith(kept) or name.rsplit("/")[-1] in numbers
    }
    if (run / "metrics.csv").exists():
        with (run / "metrics.csv").open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file)):
                state |= {f"metrics/{number}/{key}": row[key] for key in row if key != "seconds"}
    return state


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two runs ended alike, to the last bit."""
    return one.keys() == other.keys() and all(
        torch.equal(value, other[name]) if torch.is_tensor(value) else value == other[name]
        for name, value in one.items()
    )


def main() -> None:
    """Read the command line, torture, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="where the commands are started"
    )
    ours = "python train.py --device cpu --save-every 5 --run-dir {run}"
    parser.add_argument("--train", default=f"{ours} --epochs 8 --limit-batches 11")
    parser.add_argument("--resume", default=f"{ours} --resume")
    parser.add_argument(
        "--final", default="last.pt", help="the last checkpoint, in the run's folder"
    )
    parser.add_argument("--more", default="", help="added to both commands")
    parser.add_argument("--processes", type=int, default=0, help="torchrun starts so many")
    parser.add_argument("--mode", choices=["step", "save"], default="step")
    parser.add_argument("--signal", type=lambda name: signal.Signals[name], default=signal.SIGKILL)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--kills-per-run", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.train, options.resume = (f"{c} {options.more}" for c in (options.train, options.resume))
    processes = max(1, options.processes)  # each of them counts its steps
    if options.processes:
        torchrun = "python -m torch.distributed.run --standalone --nproc-per-node"
        start = f"{torchrun} {options.processes}"
        options.train = options.train.replace("python", start, 1)
        options.resume = options.resume.replace("python", start, 1)

    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        torture = Torture(options, place)
        reference = place / "reference"
        steps = reference.with_suffix(".steps")
        if torture.start(options.train, reference, steps).wait() != 0:
            sys.exit(reference.with_suffix(".log").read_text(encoding="utf-8"))
        expected, length = final_state(reference, options.final), count(steps)
        options.stride = 2 * length // (options.kills_per_run + 1)
        runs = exact = lost = survived = 0
        while torture.kills < options.kills and runs < 3 * options.kills:
            run = place / f"run{runs}"
            before = torture.kills
            made = torture.broken_run(run)
            if made is not None:
                lost += made - length
                survived += torture.kills - before
            runs += 1
            with suppress(ValueError, OSError, RuntimeError):  # no readable checkpoint at the end
                exact += same(expected, final_state(run, options.final))
            shutil.rmtree(run, ignore_errors=True)
        print(json.dumps({
            "date": date.today().isoformat(), "commit": commit(),
            "mode": options.mode, "signal": options.signal.name, "steps": length // processes,
            "tensors": sum(torch.is_tensor(value) for value in expected.values()),
            "kills": torture.kills, "runs": runs, "exact": exact, "failed": torture.failed,
            "unreadable": torture.unreadable, "exits": torture.exits,
            "lost_steps_per_kill": round(lost / processes / max(1, survived), 2),
        }))  # fmt: skip


if __name__ == "__main__":
    main()
