"""Damage the checkpoints of a project in every way that disks do: each one must be refused.

    python benchmarks/flips.py --project PROJECT --task image
    python benchmarks/flips.py --project PROJECT --task image --flips 200 --directory-every 40

Trains a small model, then changes its last.pt and best.pt: single bits at random; every bit of
the zip's directory, of the headers before its records, and of what stands behind the zip; files
that are cut, or have more bytes at their end; sectors of zeros, sectors that changed places.

Each damaged file must be refused in one line (UserError), never be loaded with any value. And of a
damaged last.pt a resume must take last.prev.pt instead. Needs the packages of the project. Prints
a JSON line; with --output it goes into a file.
"""

import argparse
import contextlib
import datetime
import io
import json
import os
import platform
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from faults import OPTIONS, TASKS, same, without_clocks, write_data
from measure import commit

HERE = Path(__file__).resolve().parent
SECTOR = 512

Damage = Callable[[bytearray], None]  # changes the content of a file


def regions_of_zip(content: bytes) -> list[tuple[int, int]]:
    """Return where a zip keeps no data: its directory, all behind it, and the local headers."""
    if not content.startswith(b"PK"):
        return []
    end = content.rfind(b"PK\5\6")
    (directory,) = struct.unpack("<I", content[end + 16 : end + 20])
    if directory == 0xFFFFFFFF or content[end - 20 : end - 16] == b"PK\6\7":
        (end64,) = struct.unpack("<Q", content[end - 12 : end - 4])
        (directory,) = struct.unpack("<Q", content[end64 + 48 : end64 + 56])
    regions = [(directory, len(content))]
    place = directory
    while content[place : place + 4] == b"PK\1\2":
        name, extra, comment = struct.unpack("<HHH", content[place + 28 : place + 34])
        (header,) = struct.unpack("<I", content[place + 42 : place + 46])
        own_name, own_extra = struct.unpack("<HH", content[header + 26 : header + 30])
        regions.append((header, header + 30 + own_name + own_extra))
        place += 46 + name + extra + comment
    return regions


def flip(bit: int) -> Damage:
    """Change a bit."""

    def change(content: bytearray) -> None:
        content[bit // 8] ^= 1 << bit % 8

    return change


def cut(size: int) -> Damage:
    """Leave so many bytes."""

    def change(content: bytearray) -> None:
        del content[size:]

    return change


def add(more: bytes) -> Damage:
    """Write more bytes behind the file."""

    def change(content: bytearray) -> None:
        content += more

    return change


def zero(sector: int) -> Damage:
    """Fill a sector with zeros, as a disk does with what it has lost."""

    def change(content: bytearray) -> None:
        part = content[sector * SECTOR : (sector + 1) * SECTOR]
        content[sector * SECTOR : (sector + 1) * SECTOR] = bytes(len(part))

    return change


def swap(one: int, other: int) -> Damage:
    """Exchange two sectors."""

    def change(content: bytearray) -> None:
        first = content[one * SECTOR : (one + 1) * SECTOR]
        second = content[other * SECTOR : (other + 1) * SECTOR]
        content[one * SECTOR : (one + 1) * SECTOR] = second
        content[other * SECTOR : (other + 1) * SECTOR] = first

    return change


def damages(content: bytes, options: argparse.Namespace) -> Iterator[tuple[str, Damage]]:
    """Yield everything that is done to a file, with its kind."""
    numbers = random.Random(0)
    for _ in range(options.flips):
        yield "random bit", flip(numbers.randrange(8 * len(content)))
    bits = []
    for start, end in regions_of_zip(content):
        bits += range(8 * start, 8 * end)
    for bit in bits[:: options.directory_every]:
        yield "bit of the zip's directory and headers", flip(bit)
    share = max(1, options.flips // 20)
    for size in [0, 1, 2, *(numbers.randrange(len(content)) for _ in range(share))]:
        yield "cut", cut(size)
    for size in range(1, 1 + min(share, 128)):  # the last bytes
        yield "cut", cut(len(content) - size)
    for size in (1, 2, 22, 100, 4096):
        yield "bytes added", add(bytes(size))
        yield "bytes added", add(numbers.randbytes(size))
    yield "bytes added", add(content)  # written twice
    sectors = len(content) // SECTOR
    for _ in range(share):
        yield "sector of zeros", zero(numbers.randrange(sectors))
    for _ in range(share):
        yield "two sectors exchanged", swap(*numbers.sample(range(sectors), 2))


def try_checkpoint(
    path: Path, options: argparse.Namespace, load: Callable[[Path], str]
) -> dict[str, Counter[str]]:
    """Damage a file again and again, and load it each time; it is as before at the end.

    Args:
        path: The file.
        options: How many flips.
        load: Loads the file, and returns what came of it.
    """
    whole = path.read_bytes()
    counts: dict[str, Counter[str]] = {}
    for kind, change in damages(whole, options):
        content = bytearray(whole)
        change(content)
        if content == whole:  # such as a sector that was zero before
            continue
        path.write_bytes(content)
        outcome = load(path)
        counts.setdefault(kind, Counter())[outcome] += 1
        if options.show and outcome != "refused":
            print(path.name, kind, outcome, file=sys.stderr)
    path.write_bytes(whole)
    return counts


class Project:
    """A copy of a project with a small trained run in it."""

    def __init__(self, project: Path, task: str, place: Path) -> None:
        folder = place / "project"
        ignored = shutil.ignore_patterns("runs", "__pycache__", "tests", ".*")
        shutil.copytree(project, folder, ignore=ignored)
        command = [sys.executable, "train.py", "--data", str(write_data(task, place / "data"))]
        command += ["--epochs", "1", "--batch-size", "8", "--limit-batches", "2"]
        command += ["--save-every", "1", "--run-dir", "runs/run", "--device", "cpu"]
        command += OPTIONS.get(task, [])
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        sys.path.insert(0, str(folder))
        from engine import checkpoint
        from engine.settings import UserError

        self.engine = checkpoint
        self.UserError = UserError
        self.run = folder / "runs" / "run"
        self.whole = {}
        for name in ("last.pt", "best.pt"):
            self.whole[name] = without_clocks(checkpoint.load_checkpoint(self.run / name))
        path = self.run / "last.prev.pt"
        self.bytes_before = path.read_bytes()
        self.before = without_clocks(checkpoint.load_checkpoint(path))

    def load(self, path: Path) -> str:
        """Load a damaged checkpoint, and return what came of it."""
        try:
            if path.name == "last.pt":
                loaded = self.resume(path)
            else:
                loaded = self.engine.load_checkpoint(path)
        except self.UserError as error:
            if path.name == "last.pt":
                return "refused, but no resume"
            return "several lines" if "\n" in str(error) else "refused"
        except Exception as error:
            return f"traceback {type(error).__name__}"
        if path.name == "last.pt" and same(without_clocks(loaded), self.before):
            return "refused"  # and the one before it was taken
        alike = same(without_clocks(loaded), self.whole[path.name])
        return "loaded, the same values" if alike else "loaded, other values"

    def resume(self, path: Path) -> Any:
        """Load what a resume goes on from: it must be the checkpoint before the damaged one."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                return self.engine.load_newest(path)
        finally:
            path.with_name("last.prev.pt").write_bytes(self.bytes_before)


def result_of(counts: dict[str, dict[str, Counter[str]]], **more: str) -> dict[str, Any]:
    """Return the result as it is written."""
    import torch

    tried = refused = 0
    for kinds in counts.values():
        for outcomes in kinds.values():
            tried += sum(outcomes.values())
            for outcome, count in outcomes.items():
                if outcome == "refused" or outcome.startswith("refused: "):
                    refused += count
    return {
        **more,
        "tried": tried,
        "refused": refused,
        "files": counts,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
    }


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what every script of flips can be told."""
    parser.add_argument("--flips", type=int, default=10_000, help="random ones, in each file")
    parser.add_argument("--directory-every", type=int, default=1, help="each so manieth bit of it")
    parser.add_argument("--show", action="store_true", help="print what was not refused")
    parser.add_argument("--output", type=Path, help="also write the result into this file")


def report(result: dict[str, Any], options: argparse.Namespace) -> None:
    """Print what came of it, and write it."""
    if options.output:
        text = json.dumps(result, indent=2) + "\n"
        options.output.write_text(text, encoding="utf-8", newline="\n")
    print(json.dumps(result))
    if result["tried"] == 0:
        sys.exit("no damage was tried")


def main() -> None:
    """Read the command line, damage the checkpoints of a project, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--task", choices=TASKS, required=True)
    add_options(parser)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as place:
        project = Project(options.project.resolve(), options.task, Path(place).resolve())
        counts = {}
        for name in ("last.pt", "best.pt"):
            counts[name] = try_checkpoint(project.run / name, options, project.load)
    result = result_of(counts, task=options.task)
    report(result, options)
    if result["refused"] < result["tried"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
