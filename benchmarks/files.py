"""Pictures in folders: from 10,000 to 1,000,000 files, one core and all, a cache beyond memory.

    python benchmarks/files.py --project build/bench/my-torch-project [--rounds 2] [--quick]
    python benchmarks/files.py --project ... --only beyond
    python benchmarks/files.py --project ... --only million
    python benchmarks/files.py --project ... --only peers --peers PYTHON

Measures the project's load_data, each time in a new process, with the packages of the project.
Writes results/files.json. With --only it measures that alone, and the rest of the file stays:

- beyond: a cache beyond memory.
- million: 1,000,000 files. That takes a quarter of an hour, and 8 GB for temporary files.
- peers: torchvision and shards of WebDataset, which are installed where PYTHON is.

A cache beyond memory needs Linux, root and cgroups, and is left out elsewhere. The folder for
temporary files must be on a disk: files in memory would count as memory.
"""

import argparse
import contextlib
import dataclasses
import gc
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from measure import CONTENDERS, commit, read_options, spread, target, write
from PIL import Image

SIZES = [10_000, 100_000]
MILLION = 1_000_000
SIDE = 96  # pixels of a small picture
LARGE_SIDE = 500  # of a picture as people have them
LARGE = 1000  # of those
DIFFERENT = 300  # pictures: the others differ from these in how strong their waves are
TABLE = b"\xff\xdb"  # what comes behind it in a JPEG says how strong they are
SIZE = 32  # pixels that the network sees
WIDE = 160  # the same, where the cache shall be large
WIDE_FILES = 13_000
LIMIT = 1.05
FETCHES = 300  # batches that are read from the cache
PATIENCE = 10  # seconds in which there may be fewer
MEMORY_LIMIT = 700 * 2**20  # bytes, of which a training itself takes the half
ADDRESSES = 1200 * 2**20  # bytes, of `ulimit -v`
PARTS = ["sizes", "cores", "beyond", "measured", "million", "peers"]  # of the result
CGROUPS = Path("/sys/fs/cgroup")


def make_files(folder: Path, count: int, side: int = SIDE) -> Path:
    """Write so many different pictures as JPEG into the folders of ten classes."""
    random = np.random.default_rng(0)
    contents = [encode(random, side) for _ in range(min(count, DIFFERENT))]
    for number in range(10):
        (folder / f"class_{number}").mkdir(parents=True)
    for number in range(count):
        variant, which = divmod(number, len(contents))
        content = bytearray(contents[which])
        first = content.index(TABLE) + 5
        content[first] = 1 + variant % 60
        content[first + 1] = 1 + variant // 60
        path = folder / f"class_{number % 10}" / f"{number:07}.jpg"
        path.write_bytes(content)
    return folder


def encode(random: np.random.Generator, side: int) -> bytes:
    """Return a random picture as JPEG: a smooth one, a large one with some noise."""
    small = Image.fromarray(random.integers(0, 256, (12, 12, 3), dtype=np.uint8))
    pixels = np.asarray(small.resize((side, side), Image.Resampling.BICUBIC), np.int16)
    if side == LARGE_SIDE:
        pixels = (pixels + random.integers(-12, 12, pixels.shape)).clip(0, 255)
    content = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(content, "JPEG", quality=90)
    return content.getvalue()


class Memory(threading.Thread):
    """Watches how much memory this process has of its own, files that are mapped left out."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.before = self.peak = read_anonymous()

    def run(self) -> None:
        """Look fifty times a second."""
        while True:
            self.peak = max(self.peak, read_anonymous())
            time.sleep(0.02)


def read_anonymous() -> int:
    """Return the bytes of memory of this process that are no file."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def cpu_seconds() -> float:
    """Return the seconds of CPU that this process has taken, and the workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def load(folder: Path, size: int) -> None:
    """Load pictures, read some batches, and print as JSON how long it took and how much memory."""
    import torch

    from config import Config
    from data import load_data
    from engine.loader import make_loader

    torch.set_num_threads(1)
    config = dataclasses.replace(Config(), data=str(folder), image_size=size)
    gc.disable()  # as in train.py until the run begins
    memory = Memory()
    memory.start()
    began, cpu = time.perf_counter(), cpu_seconds()
    with contextlib.redirect_stdout(sys.stderr):
        data = load_data(config)
    found = {"seconds": time.perf_counter() - began, "cpu_seconds": cpu_seconds() - cpu}
    found["held"] = read_anonymous() - memory.before
    found["peak"] = max(memory.peak - memory.before, found["held"])
    loader = make_loader(data.train, config.batch_size, config, seed=0)
    began = time.perf_counter()
    batches = iter(loader)
    next(batches)
    found["start"] = time.perf_counter() - began
    spans = []
    end = time.perf_counter() + PATIENCE
    for _ in range(min(FETCHES, len(loader) - 1)):
        began = time.perf_counter()
        if began > end:
            break
        next(batches)
        spans.append(time.perf_counter() - began)
    found |= {"batch": median(spans), "batch_mean": sum(spans) / len(spans)}
    print(json.dumps({name: round(value, 7) for name, value in found.items()}))


def load_apart(
    project: Path, folder: Path, place: Path, size: int = SIZE, cores: int = 0, **more: Any
) -> dict[str, float]:
    """Load pictures in a new process, and return what it measured.

    Args:
        project: A generated image project.
        folder: Of the pictures.
        place: Where the process runs: the cache is in its runs/.
        size: The pixels that the network sees.
        cores: That the process may use; 0: all.
        more: For Popen.
    """
    place.mkdir(exist_ok=True)
    words = [sys.executable, __file__, "--project", project, "--load", folder, "--size", size]
    words += ["--cores", cores]
    said = subprocess.check_output([*map(str, words)], cwd=place, encoding="utf-8", **more)
    return json.loads(said.splitlines()[-1])


def measure_size(project: Path, folder: Path, place: Path) -> dict[str, dict[str, float]]:
    """Return what the first load of some pictures takes, and the second one."""
    shutil.rmtree(place, ignore_errors=True)
    return {turn: load_apart(project, folder, place) for turn in ("first", "second")}


def measure_sizes(
    project: Path, scratch: Path, sizes: list[int], rounds: int
) -> dict[int, dict[str, list[dict[str, float]]]]:
    """Return what the first load and the second take, for each number of files, in turns."""
    folders = {size: make_files(scratch / f"{size}", size) for size in sizes}
    found: dict[int, Any] = {size: {"first": [], "second": []} for size in sizes}
    for _ in range(rounds):
        for size, folder in folders.items():
            for turn, result in measure_size(project, folder, scratch / "work").items():
                found[size][turn].append(result)
                cpu = result["cpu_seconds"] / size * 1e6
                print(f"  {size:,} files, {turn} load: {cpu:.0f} us of CPU each", flush=True)
    return found


def measure_cores(
    project: Path, scratch: Path, folders: dict[str, Path], rounds: int
) -> dict[str, Any]:
    """Return how long the first load takes with one core and with all of them."""
    found: dict[str, Any] = {}
    for name, folder in folders.items():
        count = len(list(folder.rglob("*.jpg")))
        found[name] = {"files": count, "one": [], "all": []}
        for _ in range(rounds):
            for way, cores in (("one", 1), ("all", 0)):
                shutil.rmtree(scratch / "work", ignore_errors=True)
                result = load_apart(project, folder, scratch / "work", cores=cores)
                found[name][way].append(result)
    return found


@contextlib.contextmanager
def held_to(limit: int) -> Generator[Callable[[], None] | None]:
    """Yield what puts a new process into a cgroup of so much memory; None where that cannot be."""
    group, file = CGROUPS / "memory" / "torch-starter", "memory.limit_in_bytes"
    if not group.parent.exists():  # the second version of cgroups
        group, file = CGROUPS / "torch-starter", "memory.max"
    try:
        group.mkdir(exist_ok=True)  # one that was killed leaves it
        (group / file).write_text(str(limit), encoding="utf-8")
    except OSError:
        yield None
        return

    def enter() -> None:
        (group / "cgroup.procs").write_text(str(os.getpid()), encoding="utf-8")

    try:
        yield enter
    finally:
        time.sleep(0.5)
        group.rmdir()


def forget(place: Path) -> None:
    """Let the system forget what it has in memory of the files in a folder."""
    for path in place.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def train(project: Path, folder: Path, place: Path, prepare: Callable[[], None]) -> dict[str, Any]:
    """Train for a few steps of a small network, and return how it ended."""
    words = [sys.executable, project / "train.py", "--data", folder, "--image-size", WIDE]
    words += ["--epochs", 1, "--limit-batches", 3, "--batch-size", 16, "--width", 4]
    words += ["--device", "cpu"]
    began = time.perf_counter()
    ended = subprocess.run(
        [*map(str, words)],
        cwd=place, preexec_fn=prepare, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    lines = ended.stderr.strip().splitlines()
    return {
        "exit_code": ended.returncode,
        "seconds": round(time.perf_counter() - began, 2),
        "last_line": (lines or ended.stdout.strip().splitlines() or [""])[-1],
        "error_lines": len(lines),
    }


def measure_beyond(project: Path, scratch: Path) -> dict[str, Any] | None:
    """Return what a cache does that is larger than the memory; None where nothing holds that."""
    folder = make_files(scratch / "wide", WIDE_FILES)
    place = scratch / "work"
    found: dict[str, Any] = {"files": WIDE_FILES, "memory": MEMORY_LIMIT, "addresses": ADDRESSES}
    with held_to(MEMORY_LIMIT) as enter:
        if enter is None:
            return None
        for name, prepare in (("free", None), ("held", enter)):
            shutil.rmtree(place, ignore_errors=True)
            found[name] = {}
            for turn in ("first", "second"):
                forget(scratch)
                found[name][turn] = load_apart(project, folder, place, WIDE, preexec_fn=prepare)
                print(f"  {name}, {turn} load: {found[name][turn]}", flush=True)
        found["cache"] = max(path.stat().st_size for path in (place / "runs/cache").iterdir())
        found["train"] = train(project, folder, place, enter)
    limits = (ADDRESSES, ADDRESSES)
    found["ulimit"] = train(
        project, folder, place, lambda: resource.setrlimit(resource.RLIMIT_AS, limits)
    )
    print(f"  train.py: {found['train']}, with ulimit -v: {found['ulimit']}")
    return found


def ask_peers(python: Path, folders: dict[str, Path]) -> dict[str, Any]:
    """Return how fast torchvision and WebDataset read pictures: those of another environment."""
    script = CONTENDERS / "read_pictures.py"
    found = {}
    for name, folder in folders.items():
        words = [str(python), str(script), str(folder), str(SIZE)]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        said = subprocess.check_output(words, encoding="utf-8", env=environment)
        found[name] = json.loads(said.splitlines()[-1])
        print(f"  {name}: {found[name]}", flush=True)
    return found


def per_file(results: list[dict[str, float]], size: int) -> float:
    """Return the microseconds of CPU for each file, the median over the rounds."""
    return median(result["cpu_seconds"] for result in results) / size * 1e6


def targets_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return which targets are met."""
    targets = []
    least, most = found["sizes"]
    for turn in ("first", "second"):
        pairs = zip(found["sizes"][most][turn], found["sizes"][least][turn], strict=True)
        share = int(least) / int(most)
        ratios = [a["cpu_seconds"] / b["cpu_seconds"] * share for a, b in pairs]
        title = f"CPU for each file, {turn} load, {int(most):,} files / {int(least):,}"
        targets.append(target(title, spread(ratios), LIMIT))
    if "million" in found:
        for turn in ("first", "second"):
            large = per_file([found["million"][turn]], MILLION)
            small = per_file(found["sizes"][most][turn], int(most))
            title = f"CPU for each file, {turn} load, {MILLION:,} files / {int(most):,}"
            targets.append(target(title, spread([large / small]), LIMIT))
    for name, one in found["cores"].items():
        pairs = zip(one["one"], one["all"], strict=True)
        title = f"first load of {name} pictures, speed with all cores / with one"
        faster = spread(a["seconds"] / b["seconds"] for a, b in pairs)
        targets.append(target(title, faster, 0.8 * (os.cpu_count() or 1), most=False))
    if found["beyond"]:
        ends_well = spread([float(found["beyond"]["train"]["exit_code"] == 0)])
        title = "trainings that end well with a cache beyond memory, of one"
        targets.append(target(title, ends_well, 1, most=False))
    return targets


def measure_anew(project: Path, scratch: Path, rounds: int, quick: bool) -> dict[str, Any]:
    """Return all but the million files and the peers."""
    sizes = [size // 20 for size in SIZES] if quick else SIZES
    found: dict[str, Any] = {}
    sized = measure_sizes(project, scratch, sizes, rounds)
    found["sizes"] = {str(size): sized[size] for size in sizes}
    folders = {"small": scratch / f"{sizes[0]}"}
    folders["large"] = make_files(scratch / "large", LARGE, LARGE_SIDE)
    found["cores"] = measure_cores(project, scratch, folders, rounds)
    found["beyond"] = None if quick else measure_beyond(project, scratch)
    return found


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    hidden = argparse.SUPPRESS  # of the processes that this one starts
    options = read_options(
        __doc__, 2,
        ("--only", {"choices": ["beyond", "million", "peers"], "help": "measure this alone"}),
        ("--peers", {"type": Path, "help": "the Python where torchvision and webdataset are"}),
        ("--load", {"type": Path, "help": hidden}),
        ("--size", {"type": int, "default": SIZE, "help": hidden}),
        ("--cores", {"type": int, "default": 0, "help": hidden}),
    )  # fmt: skip
    if options.load:
        if options.cores:
            os.sched_setaffinity(0, set(range(options.cores)))
        sys.path.insert(0, str(options.project))
        load(options.load, options.size)
        return
    os.environ["OMP_NUM_THREADS"] = "1"
    path = options.results / "files.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = {name: kept[name] for name in PARTS if name in kept}
    when = {"date": date.today().isoformat(), "commit": commit()}
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        if options.only == "beyond":
            found["beyond"] = measure_beyond(options.project, scratch)
        elif options.only == "million":
            folder = make_files(scratch / "million", MILLION)
            found["million"] = when | measure_size(options.project, folder, scratch / "work")
        elif options.only == "peers":
            folders = {"small": make_files(scratch / "small", SIZES[0])}
            folders["large"] = make_files(scratch / "large", LARGE, LARGE_SIDE)
            found["peers"] = when | ask_peers(options.peers, folders)
        else:
            found |= measure_anew(options.project, scratch, options.rounds, options.quick)
            found["measured"] = when
    targets = targets_of(found) if "sizes" in found else []
    write(path, {"targets": targets, **found})


if __name__ == "__main__":
    main()
