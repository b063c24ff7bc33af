"""Let trainings take turns on one core, in slices of a second or less. No command by itself.

Each is a process of its own that is stopped and goes on again (SIGSTOP, SIGCONT). What else the
machine does for a minute then slows all of them down, and the ratio of two neighbouring slices
hardly at all. Needs Linux or macOS.
"""

import array
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from bisect import bisect_left, bisect_right
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from measure import HERE

SETTLES = 0.03  # seconds at the beginning of a slice that are not counted: the caches are cold
PATIENCE = 120  # seconds within which a training has made its first steps
FIRST_STEPS = 50  # after so many a training is warm
DRAWS = 2000  # of the bootstrap
# What each of them runs with. On Linux a process gives large blocks of memory back to the system
# after each step, until it has once freed a larger one, which is chance. So all of them keep what
# they have.
VARIABLES = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}
VARIABLES |= {"MALLOC_MMAP_THRESHOLD_": str(2**30), "MALLOC_TRIM_THRESHOLD_": str(2**33)}


class Contender(NamedTuple):
    """A training that takes part."""

    words: list[Any]  # behind `python`
    folder: Path  # where it runs


class Turn:
    """A training that is stopped as soon as it is warm, and goes on for a slice at a time."""

    def __init__(self, name: str, contender: Contender, place: Path) -> None:
        self.name = name
        self.times = place / f"{name}.times"
        self.log = place / f"{name}.log"
        hook = os.pathsep.join([str(HERE / "hook"), os.environ.get("PYTHONPATH", "")])
        variables = VARIABLES | {"PYTHONPATH": hook, "BENCH_SLICES": str(self.times)}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *map(str, contender.words)],
                cwd=contender.folder,
                env=os.environ | variables,
                stdout=output,
                stderr=output,
            )
        end = time.monotonic() + PATIENCE
        while len(self.steps()) < FIRST_STEPS:
            self.check()
            if time.monotonic() > end:
                raise RuntimeError(f"{name} has made no {FIRST_STEPS} steps after {PATIENCE} s")
            time.sleep(0.05)
        self.process.send_signal(signal.SIGSTOP)

    def check(self) -> None:
        """Raise an error if it has ended."""
        if self.process.poll() is not None:
            said = self.log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{self.name} ended:\n{said[-3000:]}")

    def steps(self) -> array.array:
        """Return when each of its steps was done, by the clock of all processes."""
        content = self.times.read_bytes() if self.times.exists() else b""
        found = array.array("d")
        found.frombytes(content[: len(content) // found.itemsize * found.itemsize])
        return found

    def go_on(self, seconds: float) -> tuple[float, float]:
        """Let it train for a slice, and return when that began and ended."""
        began = time.perf_counter()
        self.process.send_signal(signal.SIGCONT)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGSTOP)
        ended = time.perf_counter()
        self.check()
        return began, ended

    def end(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()


def take_turns(
    contenders: dict[str, Contender], cycles: int, seconds: float, place: Path
) -> dict[str, list[float]]:
    """Return the microseconds of a step of each contender, one figure of each cycle.

    In a cycle each has one slice, and each cycle begins with another one. The figure of a slice is
    the median of the steps that lie within it. All run on one core.

    Args:
        contenders: They must train longer than all their slices take.
        cycles: How often each has a turn.
        seconds: Of a slice.
        place: An empty folder for what they note.
    """
    if hasattr(os, "sched_setaffinity"):  # on Linux: the processes inherit it
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    turns: list[Turn] = []
    slices: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    try:
        for name, contender in contenders.items():
            turns.append(Turn(name, contender, place))
        for cycle in range(cycles):
            first = cycle % len(turns)
            for turn in turns[first:] + turns[:first]:
                slices[turn.name].append(turn.go_on(seconds))
        return {turn.name: step_times(turn.steps(), slices[turn.name]) for turn in turns}
    finally:
        for turn in turns:
            turn.end()


def step_times(steps: array.array, slices: list[tuple[float, float]]) -> list[float]:
    """Return the microseconds of the median step of each slice.

    Args:
        steps: When each step was done.
        slices: When each slice began and ended.
    """
    found = []
    for began, ended in slices:
        within = steps[bisect_left(steps, began + SETTLES) : bisect_right(steps, ended)]
        if len(within) < 2:
            raise RuntimeError(f"no two steps in {ended - began:.2f} s: make the slices longer")
        gaps = [later - earlier for earlier, later in pairwise(within)]
        found.append(round(statistics.median(gaps) * 1e6, 2))
    return found


def paired_ratio(one: list[float], other: list[float]) -> dict[str, float]:
    """Return the median of the ratios of two in each cycle, and its 95 % interval (bootstrap)."""
    ratios = [a / b for a, b in zip(one, other, strict=True)]
    chance = random.Random(0)
    medians = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(DRAWS))
    return {
        "median": round(statistics.median(ratios), 4),
        "low": round(medians[DRAWS * 25 // 1000], 4),
        "high": round(medians[-DRAWS * 25 // 1000 - 1], 4),
    }
