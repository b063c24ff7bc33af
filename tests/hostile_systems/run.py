"""Start every command of a project on systems and with files that are not as they should be.

    python tests/hostile_systems/run.py PROJECT... [WORD...] [--short] [--every N] [--write FILE]

It is run by the Python that has the projects' packages. With words only those pairs of a command
and a fault are tried that have all of them in their name. No pair may end in a traceback, nor with
another exit code than 0, or 2 and one line on stderr. `nox -s hostile_systems` tries all.

--short tries a part of them. Each fault of the system is tried with one command, the next one of
those that start quickly, and so is every eighth fault of what is typed, given or kept in files.
Then each command that did not come up is tried under the first fault that it knows.

Root tries what others may not do by `unshare`: a project that cannot be written, a user without a
name, a full disk. Where there is no such program, or it may not be used, these are left out, and
counted.
"""

import argparse
import compileall
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "copies"))

from attempt import COMMANDS, QUICK, Attempt, exists, new_attempt
from faults import FAULTS
from prepare import prepare, task_of
from started_as_copies import start_as_copies

AT_ONCE = 2
EVERY = 8  # with --short so many faults of files stand for one


class Pair(NamedTuple):
    """A command and what is wrong."""

    project: Path
    command: str
    fault: int  # its number: a fault itself holds functions, which other processes cannot get

    def __str__(self) -> str:
        return f"{self.project.name}: {self.command}: {FAULTS[self.fault].name}"


def main() -> int:
    """Try the pairs that are asked for; return the exit code."""
    parser = argparse.ArgumentParser(description="Try commands where something is wrong.")
    parser.add_argument("words", nargs="+", help="projects, and parts of the names of pairs")
    parser.add_argument("--short", action="store_true", help="try a part of the pairs")
    parser.add_argument("--every", type=int, default=1, help="try each so manieth pair")
    parser.add_argument("--write", type=Path, help="write the counts into this file")
    asked = parser.parse_args()
    os.environ.update(OMP_NUM_THREADS="1", PYTHONUTF8="1", HF_HUB_OFFLINE="1")
    given = [Path(word).resolve() for word in asked.words if (Path(word) / "train.py").exists()]
    words = [word for word in asked.words if not (Path(word) / "train.py").exists()]

    folder = Path(tempfile.mkdtemp(prefix="hostile_"))
    pairs = []
    for project in given:
        task = task_of(project)
        prepared = folder / task
        unneeded = shutil.ignore_patterns("runs", "tests", ".git", "*.egg-info", "__pycache__")
        shutil.copytree(project, prepared, ignore=unneeded)
        prepare(prepared, task)
        compileall.compile_dir(prepared, quiet=1)  # its copies need not do it
        pairs += short_list(prepared) if asked.short else all_pairs(prepared)
    pairs = [pair for pair in pairs if all(word in str(pair) for word in words)]
    of = len(pairs)
    pairs = pairs[:: asked.every]
    if not pairs:
        print("nothing was tried", file=sys.stderr)
        return 1
    failed = try_pairs(pairs, folder)
    if asked.write is not None and not words and not asked.short:
        counts = count(pairs) | {"of": of, "failed": failed} | made_with()
        text = json.dumps(counts, indent=2) + "\n"
        asked.write.write_text(text, encoding="utf-8", newline="\n")
    shutil.rmtree(folder)
    return 1 if failed else 0


def all_pairs(project: Path) -> list[Pair]:
    """Return each command with each fault that it can meet."""
    pairs = []
    for number, fault in enumerate(FAULTS):
        for command in fault.commands:
            if exists(command, project):
                pairs.append(Pair(project, command, number))
    return pairs


def short_list(project: Path) -> list[Pair]:
    """Return the pairs that --short tries."""
    pairs = []
    for number, fault in enumerate(FAULTS):
        if not fault.is_of_system and number % EVERY:
            continue
        quick = [command for command in QUICK if command in fault.commands] or fault.commands
        pairs.append(Pair(project, quick[number % len(quick)], number))
    for command in COMMANDS:
        if exists(command, project) and command not in [pair.command for pair in pairs]:
            first = next(n for n, fault in enumerate(FAULTS) if command in fault.commands)
            pairs.append(Pair(project, command, first))
    return pairs


def try_pairs(pairs: list[Pair], folder: Path) -> int:
    """Try the pairs, some at once, and print how it went; return how many failed."""
    began = time.monotonic()
    start_as_copies()
    may_unshare = can_unshare()
    left_out = 0
    failed = 0
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("fork")) as pool:
        jobs = []
        for number, pair in enumerate(pairs):
            jobs.append(pool.submit(try_pair, pair, folder / str(number), may_unshare))
        for job in as_completed(jobs):
            pair, wrong, attempt = job.result()
            if wrong is None:
                left_out += 1
            elif wrong:
                failed += 1
                print(f"{pair}: {wrong}")
                for line in (attempt.complained or attempt.said).splitlines()[-4:]:
                    print(f"    {line[:200]}")
                sys.stdout.flush()
    counts = count(pairs)
    print(
        f"{counts['commands']} commands, {counts['faults']} faults, {len(pairs)} pairs, "
        f"{left_out} left out, {failed} failed, {time.monotonic() - began:.0f} s"
    )
    return failed


def count(pairs: list[Pair]) -> dict[str, Any]:
    """Return how many commands, faults and pairs there are."""
    return {
        "commands": len({pair.command for pair in pairs}),
        "faults": len({pair.fault for pair in pairs}),
        "pairs": len(pairs),
    }


def made_with() -> dict[str, str]:
    """Return with what the pairs were tried, and when."""
    commit = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    answer = subprocess.run(commit, capture_output=True, encoding="utf-8", check=False, timeout=300)
    return {
        "python": platform.python_version(),
        "torch": version("torch"),
        "date": time.strftime("%Y-%m-%d"),
        "commit": answer.stdout.strip(),
    }


def try_pair(pair: Pair, folder: Path, may_unshare: bool) -> tuple[Pair, str | None, Attempt]:
    """Return what was wrong, nothing where it went well, and None where it could not be tried."""
    folder.mkdir()
    fault = FAULTS[pair.fault]
    attempt = new_attempt(pair.command, pair.project.name, pair.project, folder)
    wrong = None
    fault.apply(attempt)
    if may_unshare or "unshare" not in attempt.wrapper:
        wrong = attempt.run(fault.is_of_system)
    attempt.while_running = None  # functions cannot be handed over
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)  # a folder that cannot be written could not be removed
    shutil.rmtree(folder, ignore_errors=True)
    return pair, wrong, attempt


def can_unshare() -> bool:
    """Return whether a command can be given a system of its own."""
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "--mount", "--user", "--map-user=12345", "true"]
    return subprocess.run(command, capture_output=True, timeout=300).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
