"""Run a process and measure it from outside; compare; write a result file. No command by itself."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CONTENDERS = HERE / "contenders"
RESULTS = HERE / "results"
QUICK_RESULTS = HERE.parent / "build" / "bench_results"  # not in git
PACKAGES = [
    "torch", "numpy", "scikit-learn", "pillow", "lightning", "accelerate", "transformers",
    "pytorch-ignite", "skorch", "fastai", "timm", "torchvision", "pandas",
]  # fmt: skip


def read_options(doc: str, rounds: int, *more: tuple[str, dict[str, Any]]) -> argparse.Namespace:
    """Return the options that every benchmark has, and its own."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--project", type=Path, required=True, help="a generated image project")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--quick", action="store_true", help="one short round, to see it work")
    parser.add_argument("--results", type=Path, help="a folder for what was measured")
    for name, how in more:
        parser.add_argument(name, **how)
    options = parser.parse_args()
    usual = QUICK_RESULTS if options.quick else RESULTS
    options.project, options.results = (
        options.project.resolve(),
        (options.results or usual).resolve(),
    )
    if options.quick:
        options.rounds = 1
    return options


def run(words: list[Any], folder: Path, epochs: int = 1, sync: int = 0) -> dict[str, float]:
    """Run a Python program in a folder; return its seconds, its peak memory and its steps' times.

    `sync`: the steps in an epoch, where a GPU must have finished before the clock is read.
    """
    with tempfile.TemporaryDirectory() as name:
        times, log = Path(name, "times.json"), Path(name, "log.txt")
        environment = os.environ | {
            "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "",
            "BENCH_TIMES": str(times), "BENCH_SYNC": str(sync),
            "PYTHONPATH": os.pathsep.join([str(HERE / "hook"), os.environ.get("PYTHONPATH", "")]),
        }  # fmt: skip
        with log.open("wb") as output:
            began = time.perf_counter()  # on Linux one clock for all processes
            process = subprocess.Popen(
                [sys.executable, *map(str, words)],
                cwd=folder, env=environment, stdout=output, stderr=output,
            )  # fmt: skip
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said = log.read_text(encoding="utf-8", errors="replace")
        if process.returncode:
            raise RuntimeError(f"{' '.join(map(str, words))} failed in {folder}:\n{said[-3000:]}")
        unit = 2**20 if sys.platform == "darwin" else 2**10
        result = {"seconds": seconds, "cpu_seconds": used.ru_utime + used.ru_stime}
        result["peak_mb"] = used.ru_maxrss / unit
        if times.exists():
            result |= digest(json.loads(times.read_text(encoding="utf-8")), began, epochs, sync)
        for word in ("imported", "ready", "accuracy"):  # what the program says of itself
            if f"{word} " in said:
                result[word] = float(said.rsplit(f"{word} ", 1)[1].split()[0])
                result[word] -= 0 if word == "accuracy" else began
        return result


def digest(times: dict[str, Any], began: float, epochs: int, sync: int) -> dict[str, float]:
    """Return the time to the first step, of a step within an epoch, and of all checkpoints.

    The first epoch is left out, and what lies between two epochs. Of each place in an epoch it is
    the median over the epochs, so that what else the machine does counts little; then their mean.
    """
    steps = times["steps"]
    length, rest = divmod(len(steps), epochs)
    assert rest == 0, f"{len(steps)} steps in {epochs} epochs"
    spans = [steps[i + length - 1] - steps[i] for i in range(0, len(steps), length)]
    result = {"first_step": steps[0] - began, "training": steps[-1] - steps[0]}
    result |= {"saving": sum(times["saves"]), "saves": len(times["saves"])}
    if "gpu_bytes" in times:
        result["gpu_mb"] = times["gpu_bytes"] / 2**20  # the most that tensors took
    if epochs > 1 and length > 1:
        result["mean_step_us"] = statistics.mean(spans[1:]) / (length - 1) * 1e6
        gaps = [b - a for a, b in pairwise(steps[length:])]
        places = [statistics.median(gaps[place::length]) for place in range(length - 1)]
        whole = statistics.median(spans[1:]) if sync else sum(places)  # a GPU runs behind
        result["step_us"] = whole / (length - 1) * 1e6
    return result


def interleave(
    makers: dict[str, Callable[[int], dict[str, float]]], rounds: int, warm_up: bool = True
) -> dict[str, list[dict[str, float]]]:
    """Run every maker once a round, each round beginning with another; return what they measured.

    The round to warm up is not counted: it fills the caches of the disk and of Python.
    """
    found: dict[str, list[dict[str, float]]] = {name: [] for name in makers}
    names = list(makers)
    for number in range(-warm_up, rounds):
        shift = max(0, number) % len(names)
        for name in names[shift:] + names[:shift]:
            result = makers[name](number)
            if number >= 0:
                found[name].append({key: round(value, 6) for key, value in result.items()})
                print(f"  round {number + 1}: {name}", summary(result), flush=True)
    return found


def summary(result: dict[str, float]) -> str:
    """Return the main figures of a measurement as text."""
    parts = [f"{result['seconds']:.2f} s"]
    parts += [f"{result['step_us']:.0f} us per step"] if "step_us" in result else []
    return ", ".join(parts)


def spread(values: Iterable[float]) -> dict[str, float]:
    """Return the median of some values, the least and the greatest."""
    values = list(values)
    return {
        "median": round(statistics.median(values), 5), "least": round(min(values), 5),
        "most": round(max(values), 5),
    }  # fmt: skip


def ratio(found: dict[str, list[dict[str, float]]], key: str, one: str, other: str) -> dict:
    """Return the ratio of two that ran in the same round: median, least, most."""
    pairs = zip(found[one], found[other], strict=True)
    return spread(a[key] / b[key] for a, b in pairs)


def bounds(value: dict[str, float]) -> tuple[float, float]:
    """Return what stands in brackets: the 95 % interval of a median, or the least and the most."""
    names = ("low", "high") if "low" in value else ("least", "most")
    return value[names[0]], value[names[1]]


def target(name: str, value: dict[str, float], limit: float, most: bool = True) -> dict[str, Any]:
    """Return a target with its value, and whether it is met: at most the limit, or at least."""
    met = value["median"] <= limit if most else value["median"] >= limit
    word = "at most" if most else "at least"
    low, high = bounds(value)
    measured = f"{value['median']:.3g} ({low:.3g} to {high:.3g})"
    print("met   " if met else "MISSED", f"{name}: {measured}, {word} {limit:g}", flush=True)
    return {"name": name, **value, "limit": limit, "kind": word, "met": met}


def write(path: Path, what: dict[str, Any]) -> None:
    """Write a result file: what was measured, when, of which commit, where, with which versions."""
    head = {
        "date": date.today().isoformat(),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**head, **what}, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"written to {path}")


def commit() -> str:
    """Return the commit of the template that is measured; with `+` if it has been changed since.

    Results, and the pages that show them, may have been written anew: they are not measured.
    """
    git = ["git", "-C", str(HERE.parent)]
    head = [*git, "rev-parse", "--short", "HEAD"]
    others = [":(top)", ":(top,exclude)docs", ":(top,exclude)benchmarks/results"]
    changed = [*git, "status", "--porcelain", "--untracked-files=no", "--", *others]
    said = []
    for words in (head, changed):
        answer = subprocess.run(words, check=True, capture_output=True, encoding="utf-8")
        said.append(answer.stdout.strip())
    return said[0] + ("+" if said[1] else "")


def machine() -> dict[str, Any]:
    """Return the processor's name, the number of cores, and the system."""
    name, info = platform.processor(), Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        name = next((line.split(": ")[1] for line in lines if line.startswith("model name")), name)
    return {
        "cpu": name, "cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}",
        "threads": 1,
    }  # fmt: skip


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that are here."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
