"""Let every call that changes a file of a run go wrong, one after the other.

    python benchmarks/faults.py --project PROJECT --task image
    python benchmarks/faults.py --project PROJECT --task text --every 10
    python benchmarks/faults.py --project PROJECT --task image --seconds 30   (as nox does)

Short commands of a project (train.py, train.py --resume, eval.py, predict.py --output) are run
once, and their calls counted: open, write, fsync, rename, close, unlink, mkdir, locks. Then each
is run again and again: it is killed (SIGKILL) before a call, which is also after the one before, or
when half of the bytes of a write are written; or a call fails with an error of the system; or the
disk is full from there on.

After each fault: no traceback; every file is whole or not there; the next command needs no help
and leaves nothing behind that an unbroken training does not leave; and its last.pt, best.pt,
metrics.csv, scores and answers are equal to those of an unbroken one, bit for bit.

On Linux the calls are those of the C library (faults.c, built with the C compiler at hand). On
other systems, with no compiler or with FAULTS_NOT_BUILT=1, they are those of Python
(faults_in_python.py), which are fewer.
Needs the packages of the project. Prints a JSON line; with --output it goes into a file.
"""

import argparse
import contextlib
import csv
import ctypes
import datetime
import errno
import functools
import io
import json
import os
import platform
import random
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import faults_in_python
from measure import commit

HERE = Path(__file__).resolve().parent
WAYS = ["not at all", "killed before", "killed after", "killed halfway", "fails", "disk full"]
KILLED = -9  # the exit code after SIGKILL
LONGEST = 120  # seconds that a command may take
RUN = "runs/run"
OPTIONS = {  # for write_data's examples
    "language": ["--context", "16", "--width", "16", "--layers", "1"],
    "tabular": ["--target", "label"],
    "text": ["--width", "2"],
}
TASKS = ["image", "language", "tabular", "text"]

# The errors that each call is tried with: what disks, quotas, networks and rights answer.
ERRORS = {
    "open": ["EDQUOT", "EACCES", "EMFILE", "EIO", "EINTR"],
    "open to read": ["EACCES", "EIO"],
    "open folder": ["EACCES", "EMFILE"],
    "write": ["EIO", "EINTR"],
    "fsync": ["ENOSPC", "EDQUOT", "EIO", "EINTR"],
    "fsync folder": ["EINVAL", "EOPNOTSUPP", "EIO"],
    "rename": ["ENOSPC", "EACCES", "EIO"],
    "close": ["EDQUOT", "EIO", "EINTR"],
    "unlink": ["EACCES", "EIO"],
    "rmdir": ["EACCES", "EIO"],
    "mkdir": ["EACCES", "EIO"],
    "truncate": ["ENOSPC", "EIO"],
    "link": ["EPERM", "ENOSPC"],
    "lock": ["ENOLCK", "EINVAL", "EIO", "EAGAIN"],
}
NEED_ROOM = ("open", "write", "mkdir")  # with ENOSPC from this call on: "disk full"


@dataclass(frozen=True)
class Fault:
    """What goes wrong: which call of a command, and how."""

    call: str  # "write"
    file: str  # that it is about, below the project's folder
    number: int  # of the call, from 1; 0 for none
    way: str  # one of WAYS
    error: str = ""  # of "fails": its name

    @property
    def kind(self) -> str:
        """Return in words how the call goes wrong."""
        return self.error or self.way

    @property
    def kills(self) -> bool:
        """Return whether the command is ended by it."""
        return self.way.startswith("killed")


NOTHING = Fault("", "", 0, "not at all")


@dataclass
class Ended:
    """A command that has ended: its exit code, what it wrote, and the calls that it made."""

    code: int
    stdout: str
    stderr: str
    calls: list[tuple[str, str]]  # a call, and the file that it is about


@dataclass
class Counts:
    """How many faults were tried, and which of them ended badly."""

    calls: dict[str, int] = field(default_factory=dict)  # in each command, unbroken
    tried: Counter[str] = field(default_factory=Counter)  # by call and fault
    failed: Counter[str] = field(default_factory=Counter)
    missed: int = 0  # the command ended before the call came
    failures: list[str] = field(default_factory=list)
    lines: Counter[str] = field(default_factory=Counter)  # what was said of errors
    outcomes: dict[str, int] = field(default_factory=dict)  # of a peer: how often what came of it


def build_library(folder: Path) -> Path | None:
    """Build faults.c; None where that cannot be done."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if sys.platform != "linux" or compiler is None:
        return None
    library = folder / "faults.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", library, HERE / "faults.c", "-ldl"]
    if subprocess.run(command, check=False).returncode != 0:
        return None
    return library


def child(folder: Path, command: list[str], fault: Fault, log: int) -> int:
    """Run a script of the project in this process, with the fault; return its exit code."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    sys.argv = command
    number = getattr(errno, fault.error) if fault.error else 0
    arguments = (fault.number, WAYS.index(fault.way), number, log)
    if fault == NOTHING and log < 0:  # of warm_up
        pass
    elif "FAULTS" in os.environ:
        ctypes.CDLL(None).faults_begin(os.fsencode(folder / "runs"), *arguments)
    else:
        faults_in_python.begin(str(folder / "runs"), *arguments)
    try:
        runpy.run_path(command[0], run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return end.code or 0
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def run(folder: Path, command: list[str], fault: Fault = NOTHING) -> Ended:
    """Run a script of a project, with a fault; wait for its end."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        paths = [place / "stdout", place / "stderr", place / "calls"]
        files = [path.open("w+b") for path in paths]
        if sys.platform == "linux":
            code = run_forked(folder, command, fault, [file.fileno() for file in files])
        else:
            code = run_anew(folder, command, fault, files)
        for file in files:
            file.close()
        stdout, stderr, calls = [path.read_text("utf-8", errors="replace") for path in paths]
    made = []
    for line in calls.splitlines():
        call, _, path = line.partition(" /")
        made.append((call, path))
    return Ended(code, stdout, stderr, made)


def run_forked(folder: Path, command: list[str], fault: Fault, files: list[int]) -> int:
    """Run it in a copy of this process, which has loaded PyTorch already."""
    process = os.fork()
    if process == 0:
        code = 99
        try:
            os.dup2(files[0], 1)
            os.dup2(files[1], 2)
            signal.alarm(LONGEST)  # nothing may hang
            code = child(folder, command, fault, files[2])
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)  # or the copy would go on with what this process does
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)


def run_anew(folder: Path, command: list[str], fault: Fault, files: list[Any]) -> int:
    """Run it in a new process: where a process cannot be copied safely."""
    this = "import json, sys; sys.path.insert(0, sys.argv[1]); import faults; faults.begin_child()"
    told = json.dumps([str(folder), command, vars(fault), files[2].name])
    process = [sys.executable, "-c", this, str(HERE), told]
    return subprocess.run(
        process, stdout=files[0], stderr=files[1], timeout=LONGEST, check=False
    ).returncode


def begin_child() -> None:
    """Do what run_anew has told this process."""
    folder, command, fault, log = json.loads(sys.argv[2])
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
    sys.exit(child(Path(folder), command, Fault(**fault), descriptor))


def faults_of(calls: list[tuple[str, str]]) -> Iterator[Fault]:
    """Yield everything that is done to the calls of a command, in order."""
    for number, (call, file) in enumerate(calls, start=1):
        if call != "open to read":
            yield Fault(call, file, number, "killed before")
        if number == len(calls):  # else it is the same as before the next one
            yield Fault(call, file, number, "killed after")
        if call == "write":
            yield Fault(call, file, number, "killed halfway")
        for error in ERRORS[call]:
            yield Fault(call, file, number, "fails", error)
        if call in NEED_ROOM:
            yield Fault(call, file, number, "disk full")


# The data that the commands read: small, and of one's own, since these are kept in runs/cache.


def write_data(task: str, folder: Path) -> Path:
    """Write a few examples into a folder, and return the place for --data."""
    numbers = random.Random(0)
    folder.mkdir()
    if task == "image":
        from PIL import Image

        for name in ("red", "green", "blue"):
            (folder / name).mkdir()
            for number in range(16):
                noise = bytes(numbers.randrange(256) for _ in range(3 * 8 * 8))
                picture = Image.frombytes("RGB", (8, 8), noise)
                picture.paste(name, (0, 0, 8, 4))
                picture.save(folder / name / f"{number}.png")
        return folder
    if task == "language":
        path = folder / "data.txt"
        words = [numbers.choice(["sun", "moon", "star", "sea"]) for _ in range(600)]
        path.write_text(" ".join(words), encoding="utf-8")
        return path
    path = folder / "data.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"] if task == "text" else ["height", "weight", "label"])
        for number in range(60):
            label = ("cat", "dog")[number % 2]
            if task == "text":
                words = [numbers.choice(["sun", "moon", "star", "sea"]) for _ in range(5)]
                writer.writerow([f"{label} {number} {' '.join(words)}", label])
            else:
                height = numbers.gauss(2 * (number % 2), 1)
                writer.writerow([f"{height:.3f}", f"{numbers.gauss(0, 1):.3f}", label])
    return path


def files_in(folder: Path) -> set[str]:
    """Return the names of all files in a folder, with their folders."""
    paths = [path for path in folder.rglob("*") if not path.is_dir()]
    return {path.relative_to(folder).as_posix() for path in paths}


def without_clocks(value: Any) -> Any:
    """Return settings or a checkpoint without what may differ: clocks, who the run is, --resume."""
    if isinstance(value, dict):
        return {
            key: without_clocks(part)
            for key, part in value.items()
            if key not in ("seconds", "run", "resume")
        }
    if isinstance(value, list | tuple):
        return [without_clocks(part) for part in value]
    return value


def same(one: Any, other: Any) -> bool:
    """Return whether two checkpoints are equal, to the last bit."""
    import torch

    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    if isinstance(one, dict):
        if not isinstance(other, dict) or one.keys() != other.keys():
            return False
        return all(same(part, other[key]) for key, part in one.items())
    if isinstance(one, list):
        if not isinstance(other, list) or len(one) != len(other):
            return False
        return all(same(part, other[index]) for index, part in enumerate(one))
    return type(one) is type(other) and one == other


def rows_of(path: Path) -> list[list[str]]:
    """Return the rows of a metrics.csv, without the seconds."""
    text = path.read_text(encoding="utf-8")
    if text and not text.endswith("\n"):
        raise ValueError("its last row is cut")
    rows = list(csv.reader(text.splitlines()))
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("a row is not whole")
    column = rows[0].index("seconds")
    return [row[:column] + row[column + 1 :] for row in rows]


@dataclass(frozen=True)
class Command:
    """A command of a project that is broken, from which state of the project on."""

    name: str
    words: list[str]
    before: Path  # holds what runs/ holds before
    after: Path  # what it holds after an unbroken one
    output: str = ""  # a file that it makes, and refuses to write over
    usual: str = ""  # what it says on stderr when nothing is wrong


class Project:
    """A copy of a project, its short commands, and what an unbroken one of each leaves."""

    spared = ()  # files whose calls do not go wrong

    def __init__(self, project: Path, task: str, place: Path) -> None:
        self.place = place
        self.folder = place / "project"
        ignored = shutil.ignore_patterns("runs", "__pycache__", "tests", ".*")
        shutil.copytree(project, self.folder, ignore=ignored)
        data = write_data(task, place / "data")
        self.train = ["train.py", "--data", str(data), "--run-dir", RUN, "--device", "cpu"]
        self.train += ["--epochs", "2", "--batch-size", "8", "--limit-batches", "3"]
        self.train += ["--save-every", "2"]
        self.train += OPTIONS.get(task, [])
        self.resume = ["train.py", "--run-dir", RUN, "--resume", "--device", "cpu"]
        self.eval = ["eval.py", "--run-dir", RUN, "--device", "cpu", "--no-baseline"]
        self.predict = ["predict.py", "--run-dir", RUN, "--device", "cpu"]
        self.predict += ["--output", f"{RUN}/answers.csv"]
        if task == "language":
            self.predict += ["--tokens", "20"]
        self.warm_up()
        from engine import checkpoint

        self.checkpoint = checkpoint

    def warm_up(self) -> None:
        """Run all commands in this process, so that its copies have loaded what they need."""
        if sys.platform != "linux":
            sys.path.insert(0, str(self.folder))
            return
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            for words in (self.train, self.eval, self.predict):
                if child(self.folder, words, NOTHING, -1) != 0:
                    raise SystemExit(f"{' '.join(words)} fails by itself:\n{said.getvalue()}")
        shutil.rmtree(self.folder / "runs")

    def run_unbroken(self, words: list[str]) -> Ended:
        """Run a command that must succeed."""
        ended = run(self.folder, words)
        if ended.code != 0:
            raise SystemExit(f"{' '.join(words)} fails by itself:\n{ended.stdout}\n{ended.stderr}")
        return ended

    def put(self, state: Path) -> None:
        """Let runs/ hold what a state holds."""
        shutil.rmtree(self.folder / "runs", ignore_errors=True)
        shutil.copytree(state, self.folder / "runs")

    def kept(self, name: str) -> Path:
        """Keep what runs/ holds as a state."""
        shutil.copytree(self.folder / "runs", self.place / name)
        return self.place / name

    def commands(self) -> list[Command]:
        """Return the commands that are broken; each is run once."""
        nothing = self.place / "nothing"
        nothing.mkdir()
        calls = self.run_unbroken(self.train).calls
        trained = self.kept("trained")

        # Stopped in the middle: after the last call of the second last.pt.
        renames = [
            number
            for number, (call, file) in enumerate(calls, start=1)
            if call == "rename" and file.endswith("/last.pt")
        ]
        self.put(nothing)
        stop = Fault("rename", "last.pt", renames[1], "killed after")
        run(self.folder, self.train, stop)
        stopped = self.kept("stopped")

        self.put(stopped)
        damage(self.folder / RUN / "last.pt")
        damaged = self.kept("damaged")

        self.put(trained)
        self.run_unbroken(self.eval)
        evaluated = self.kept("evaluated")

        answers = f"{RUN}/answers.csv"
        usual = self.run_unbroken(self.predict).stderr
        answered = self.kept("answered")
        return [
            Command("train", self.train, nothing, trained),
            Command("resume", self.resume, stopped, trained),
            Command("resume from last.prev.pt", self.resume, damaged, trained),
            Command("eval", self.eval, trained, evaluated),
            Command("predict", self.predict, evaluated, answered, answers, usual),
        ]

    def torn(self, after: Path, before: Path | None = None) -> list[str]:
        """Return what is wrong with the files in runs/: each is whole, not there or as before."""
        found = []
        for name in sorted(files_in(self.folder / "runs") & files_in(after)):
            path = self.folder / "runs" / name
            if before is not None and is_copy(path, before / name):
                continue
            try:
                self.check(path, after / name)
            except Exception as error:  # whatever a damaged file causes
                found.append(f"{name}: {error or type(error).__name__}")
        return found

    def check(self, path: Path, unbroken: Path) -> None:
        """Raise an error if a file is not whole."""
        if path.suffix == ".pt":
            if path.name != "once.pt":
                self.checkpoint.load_checkpoint(path)
            return
        if path.name == "metrics.csv":
            rows = rows_of(path)
            if rows != rows_of(unbroken)[: len(rows)]:
                raise ValueError("has other rows")
            return
        if path.name == "config.json":
            one = without_clocks(json.loads(path.read_text(encoding="utf-8")))
            other = without_clocks(json.loads(unbroken.read_text(encoding="utf-8")))
            if one != other:
                raise ValueError("has other settings")
            return
        if path.name == "lock":
            return
        if path.read_bytes() != unbroken.read_bytes():
            raise ValueError("is not what an unbroken one writes")

    def different(self, after: Path) -> list[str]:
        """Return what differs in runs/ from what an unbroken command leaves."""
        found = []
        here = files_in(self.folder / "runs")
        there = files_in(after)
        for name in here ^ there:  # the one before stays where a file was written twice
            if name.endswith(".prev.pt"):
                here.discard(name)
                there.discard(name)
        found += [f"left behind: {name}" for name in sorted(here - there)]
        found += [f"missing: {name}" for name in sorted(there - here)]
        for name in sorted(here & there):
            path = self.folder / "runs" / name
            with suppress(Exception):  # torn files are told of by `torn`
                if path.suffix == ".pt" and not name.endswith(".prev.pt"):
                    one = without_clocks(self.loaded(path))
                    other = without_clocks(self.unbroken(after / name))
                    if not same(one, other):
                        found.append(f"other values: {name}")
                if path.name == "metrics.csv" and rows_of(path) != rows_of(after / name):
                    found.append("other rows: metrics.csv")
        return found + self.torn(after)

    def loaded(self, path: Path) -> Any:
        """Return what is in a checkpoint."""
        if path.name == "once.pt":
            return self.checkpoint.read_checkpoint(path)
        return self.checkpoint.load_checkpoint(path)

    @functools.cache  # noqa: B019  # a project lives as long as the program
    def unbroken(self, path: Path) -> Any:
        """Return what is in a checkpoint of an unbroken run."""
        return self.loaded(path)

    def finish(self, command: Command) -> Ended:
        """Do what a user does after a fault: resume, or if nothing was begun, begin anew."""
        if command.output and (self.folder / command.output).exists():
            return Ended(0, "", "", [])  # nothing is left to do: `torn` has seen that it is whole
        if command.words[0] in ("eval.py", "predict.py"):
            return run(self.folder, command.words)
        ended = run(self.folder, self.resume)
        run_folder = self.folder / RUN
        begun = [path.name for path in run_folder.glob("*") if path.suffix in (".pt", ".json")]
        if ended.code == 2 and "there is no run" in ended.stderr and not begun:
            return run(self.folder, self.train)
        return ended

    def attempt(self, command: Command, fault: Fault, counts: Counts) -> list[str]:
        """Run a command with a fault, and what follows; return what is wrong with it."""
        self.put(command.before)
        ended = run(self.folder, command.words, fault)
        if len(ended.calls) < fault.number:
            counts.missed += 1
            return []
        call, file = ended.calls[fault.number - 1]
        fault = Fault(call, file, fault.number, fault.way, fault.error)
        counts.tried[f"{fault.call}: {fault.kind}"] += 1
        wrong = self.torn(command.after, command.before)
        wrong += wrong_end(ended, fault, command.usual, counts)
        if ended.code == 0:
            wrong += self.different(command.after)
        else:
            finished = self.finish(command)
            if finished.code != 0:
                last = finished.stderr.strip().splitlines()[-1:]
                wrong.append(f"the next command ends with {finished.code}: {last}")
            else:
                wrong += self.different(command.after)
        if wrong:
            counts.failed[f"{fault.call}: {fault.kind}"] += 1
        return wrong


def is_copy(path: Path, other: Path) -> bool:
    """Return whether both files hold the same."""
    return other.exists() and path.read_bytes() == other.read_bytes()


def damage(path: Path) -> None:
    """Change a bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def wrong_end(ended: Ended, fault: Fault, usual: str, counts: Counts) -> list[str]:
    """Return what is wrong with how a command has ended after a fault."""
    if fault.kills:
        killed = ended.code in (KILLED, faults_in_python.KILLED)
        return [] if killed else [f"killed, but ends with {ended.code}"]
    wrong = []
    if "Traceback" in ended.stderr:
        wrong.append("a traceback: " + ended.stderr.strip().splitlines()[-1])
    # An unbroken command may say more of it: what comes behind the call that went wrong.
    lines = [line for line in ended.stderr.strip().splitlines() if line not in usual.splitlines()]
    if ended.code == 2:
        if len(lines) != 1 or not lines[0].startswith("error: "):
            wrong.append(f"not one line: {lines}")
        else:
            counts.lines[f"{fault.call}: {fault.kind}: {lines[0]}"] += 1
    elif ended.code != 0:
        wrong.append(f"exit code {ended.code}")
    return wrong


def attack(project: Any, options: argparse.Namespace) -> Counts:
    """Try the faults that were asked for."""
    counts = Counts()
    faults = []
    for command in project.commands():
        if options.commands and command.name not in options.commands:
            continue
        project.put(command.before)
        ended = run(project.folder, command.words)
        counts.calls[command.name] = len(ended.calls)
        for fault in faults_of(ended.calls):
            if fault.file not in project.spared:
                faults.append((command, fault))
    if options.seconds:
        random.Random(options.offset).shuffle(faults)
    chosen = faults[options.offset % options.every :: options.every]
    began = time.monotonic()
    for number, (command, fault) in enumerate(chosen):
        if options.seconds and time.monotonic() - began > options.seconds:
            break
        wrong = project.attempt(command, fault, counts)
        if wrong:
            what = f"{command.name}, call {fault.number}, {fault.call} {fault.file}, {fault.kind}"
            counts.failures.append(f"{what}: {'; '.join(wrong)}")
            print(f"{number}/{len(chosen)} {counts.failures[-1]}", file=sys.stderr, flush=True)
    return counts


def told(counts: Counts, **more: str) -> dict[str, Any]:
    """Return the result as it is written."""
    import torch

    by_kind = {}
    for kind in sorted(counts.tried):
        by_kind[kind] = {"tried": counts.tried[kind], "failed": counts.failed[kind]}
    return {
        **more,
        "calls": counts.calls,
        "tried": sum(counts.tried.values()),
        "failed": sum(counts.failed.values()),
        "missed": counts.missed,
        **({"outcomes": counts.outcomes} if counts.outcomes else {}),
        "by_kind": by_kind,
        "failures": counts.failures[:20],
        "intercepted": "libc" if "FAULTS" in os.environ else "Python",
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
    }


def begin_again_with_library() -> None:
    """Let the program start once more, with faults.c between it and the C library."""
    if sys.platform != "linux" or "FAULTS" in os.environ or "FAULTS_NOT_BUILT" in os.environ:
        return
    with tempfile.TemporaryDirectory() as place:
        library = build_library(Path(place))
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        if library is None:
            environment["FAULTS_NOT_BUILT"] = "1"
        else:
            environment["FAULTS"] = "1"
            environment["LD_PRELOAD"] = str(library)
        ended = subprocess.run([sys.executable, *sys.argv], env=environment, check=False)
    sys.exit(ended.returncode)


def read_options(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Return what is typed; what every script of faults can be told is added."""
    parser.add_argument("--every", type=int, default=1, help="only each so manieth fault")
    parser.add_argument("--offset", type=int, default=0, help="the first of them")
    parser.add_argument("--seconds", type=float, default=0, help="as many as fit, drawn at random")
    parser.add_argument("--commands", nargs="*", help="only these")
    parser.add_argument("--output", type=Path, help="write the result into this file")
    parser.add_argument("--lines", action="store_true", help="also print what is said of errors")
    options = parser.parse_args()
    if options.output:
        options.output = options.output.resolve()  # the commands are run in another folder
    return options


def report(counts: Counts, options: argparse.Namespace, **more: str) -> None:
    """Print what came of it, and write it."""
    result = told(counts, **more)
    if options.lines:
        for line, count in sorted(counts.lines.items()):
            print(f"{count:5} {line}", file=sys.stderr)
    if options.output:
        text = json.dumps(result, indent=2) + "\n"
        options.output.write_text(text, encoding="utf-8", newline="\n")
    print(json.dumps({name: result[name] for name in ("tried", "failed", "missed", "calls")}))
    if result["tried"] == 0:
        sys.exit("no fault was tried")


def main() -> None:
    """Read the command line, break a project, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--task", choices=TASKS, required=True)
    options = read_options(parser)
    begin_again_with_library()
    with tempfile.TemporaryDirectory() as place:
        project = Project(options.project.resolve(), options.task, Path(place).resolve())
        counts = attack(project, options)
    report(counts, options, task=options.task)
    if counts.failures:
        sys.exit(1)


if __name__ == "__main__":
    main()
