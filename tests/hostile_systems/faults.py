"""What can be wrong with a system, with what is typed, with inputs and with the files of a run."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from attempt import COMMANDS, DATA, DONE, HALF, TARGET, Attempt

TRAINS = ("train", "resume", "sweep")
WRITES_FOLDER = ("export", "space", "web")
READS_BEST = ("eval", "predict", "demo", "report", "export", "card", "space", "serve")
READS_RUN = (*READS_BEST, "runs", "doctor", "resume")
NOWHERE = "/proc/nowhere"  # a folder that nobody can make, not even root
MB = 1 << 20
ENDING = {"image": ".png", "tabular": ".csv", "text": ".csv", "language": ".txt"}
LONG = "x" * 300

Apply = Callable[[Attempt], None]


@dataclass(frozen=True)
class Fault:
    """Something that is wrong."""

    name: str
    commands: tuple[str, ...]
    apply: Apply  # changes an attempt before it is started
    is_of_system: bool  # so Python has to be started under it


FAULTS: list[Fault] = []


def on_system(name: str, apply: Apply, commands: tuple[str, ...] = tuple(COMMANDS)) -> None:
    """Add a fault of the system."""
    FAULTS.append(Fault(name, commands, apply, True))


def in_files(name: str, commands: tuple[str, ...], apply: Apply) -> None:
    """Add a fault of what is typed or read."""
    FAULTS.append(Fault(name, commands, apply, False))


# The system: what is known of the user and of the machine.


def variables(name: str, **changed: str | None) -> None:
    """Add a fault of the environment; None: the variable is not set."""

    def apply(attempt: Attempt) -> None:
        for key, value in changed.items():
            attempt.environment.pop(key, None)
            if value is not None:
                attempt.environment[key] = value

    on_system(name, apply)


def become_nobody(attempt: Attempt) -> None:
    """Let root be a user without a name, who may write nowhere that is not allowed."""
    if os.geteuid() == 0:
        attempt.wrapper = ["unshare", "--user", "--map-user=12345", *attempt.wrapper]


def without_user(attempt: Attempt) -> None:
    """Take the name of the user, and the home folder."""
    for key in ("HOME", "USER", "LOGNAME"):
        attempt.environment.pop(key, None)
    become_nobody(attempt)


def read_only(attempt: Attempt) -> None:
    """Let nothing in the project be written."""
    become_nobody(attempt)
    for path in [attempt.project, *attempt.project.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def elsewhere(attempt: Attempt) -> None:
    """Start the command in another folder than the project's."""
    attempt.folder = attempt.project.parent / "other"
    attempt.folder.mkdir()
    if attempt.words[0] == "-m":
        attempt.environment["PYTHONPATH"] = str(attempt.project)
    else:
        attempt.words[0] = str(attempt.project / attempt.words[0])


def folder_gone(attempt: Attempt) -> None:
    """Remove the folder in which the command is started."""
    elsewhere(attempt)
    attempt.wrapper = ["sh", "-c", 'rmdir "$PWD"; exec "$0" "$@"']


on_system("no HOME and no user name", without_user)
on_system("a read-only project", read_only)
on_system("another working folder", elsewhere)
on_system("a working folder that is gone", folder_gone)
variables("HOME that cannot be written", HOME=NOWHERE, MPLCONFIGDIR=NOWHERE, XDG_CACHE_HOME=NOWHERE)
variables("TMPDIR that is not there", TMPDIR=NOWHERE)
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
variables("an ASCII locale", PYTHONIOENCODING="ascii", **ASCII)
variables("a Latin-1 locale", PYTHONIOENCODING="latin-1", **ASCII)
variables("MPLBACKEND of a notebook", MPLBACKEND="module://matplotlib_inline.backend_inline")
variables("MPLBACKEND that needs a screen", MPLBACKEND="TkAgg")
variables("MPLBACKEND that is no word", MPLBACKEND="nonsense")
variables("TERM that is no word", TERM="nonsense", COLUMNS="3")
variables("PYTHONSAFEPATH=1", PYTHONSAFEPATH="1")


def python_option(*options: str) -> None:
    """Add an option of Python."""
    on_system("python " + " ".join(options), lambda attempt: attempt.python_options.extend(options))


for option in ("-O", "-OO", "-P", "-I", "-E", "-bb"):
    python_option(option)


def asking_for_help(attempt: Attempt) -> None:
    """Ask for --help where docstrings, of which it is made, are not there."""
    attempt.python_options.append("-OO")
    attempt.words.append("--help")


on_system("python -OO, --help", asking_for_help)


# The system: what is read and written.


def streams(name: str, *closed: int, **files: str) -> None:
    """Add streams that are closed, or a device."""

    def apply(attempt: Attempt) -> None:
        attempt.closed = list(closed)
        for number in (1, 2):
            if files.get("stdout" if number == 1 else "stderr"):
                attempt.files[number] = "/dev/full"

    on_system(name, apply)


streams("stdin closed", 0)
streams("stdout closed", 1)
streams("stderr closed", 2)
streams("stdout and stderr closed", 1, 2)
streams("all three closed", 0, 1, 2)
streams("stdout full", stdout="/dev/full")
streams("stderr full", stderr="/dev/full")
streams("stdout and stderr full", stdout="/dev/full", stderr="/dev/full")


def limited(name: str, limit: str, value: int, commands: tuple[str, ...] = tuple(COMMANDS)) -> None:
    """Add a limit of the module resource."""

    def apply(attempt: Attempt) -> None:
        attempt.limits.append((limit, value))
        if "2 workers" in name:
            attempt.words += ["--num-workers", "2"]

    on_system(name, apply, commands)


for count in (16, 32):
    limited(f"{count} open files", "RLIMIT_NOFILE", count)
for count in (24, 40):
    limited(f"{count} open files, 2 workers", "RLIMIT_NOFILE", count, TRAINS)
# PyTorch itself needs some 600 MB of addresses: with less it cannot be loaded.
for size in (1000, 1500, 2000, 3000):
    limited(f"{size} MB of addresses", "RLIMIT_AS", size * MB)
for size in (0, 10, 1000, 20_000, 100_000):
    limited(f"files of {size} bytes", "RLIMIT_FSIZE", size)


def mounted(name: str, commands: tuple[str, ...], text: str, *more: str) -> None:
    """Add a file system, which only the command sees."""

    def apply(attempt: Attempt) -> None:
        attempt.words += more
        script = text.format(project=attempt.project) + ' && exec "$0" "$@"'
        attempt.wrapper = ["unshare", "--mount", "sh", "-c", script]

    if os.geteuid() == 0:
        on_system(name, apply, commands)


WORKERS = ("--num-workers", "2")
SHARED = "mount -t tmpfs -o {options} none /dev/shm"
mounted("no /dev/shm, 2 workers", TRAINS, SHARED.format(options="ro"), *WORKERS)
mounted("a full /dev/shm, 2 workers", TRAINS, SHARED.format(options="size=64k"), *WORKERS)
mounted("a full disk", tuple(COMMANDS), "mount -t tmpfs -o size=8k none {project}/runs")

# The run is there, and room for a little more.
for room in (50, 400):
    filled = (
        "cp -a {project}/runs {project}/kept && size=$(du -sk {project}/kept | cut -f1) && "
        f"mount -t tmpfs -o size=$((size + {room}))k none {{project}}/runs && "
        "cp -a {project}/kept/. {project}/runs"
    )
    mounted(f"a disk with {room} kB left", (*WRITES_FOLDER, "card", "report"), filled)


def worker_killed(number: signal.Signals) -> Apply:
    """Return a fault: a process that reads data gets a signal."""

    def kill(pid: int) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            command = ["pgrep", "-P", str(pid)]
            found = subprocess.run(
                command, capture_output=True, text=True, timeout=300
            ).stdout.split()
            if found:
                time.sleep(0.3)
                for worker in found:
                    with suppress(ProcessLookupError):
                        os.kill(int(worker), number)
                return
            time.sleep(0.01)

    def apply(attempt: Attempt) -> None:
        attempt.words += WORKERS
        attempt.words[attempt.words.index("--epochs") + 1] = "300"
        attempt.while_running = kill

    return apply


for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS):
    on_system(f"a worker gets {number.name}", worker_killed(number), ("train",))


# How a training is called from Python.

CALL = """
import io, sys, threading
from config import Config
from engine.settings import one_line_errors
from train import train

def work():
    with one_line_errors():
        train(Config(**{options!r}))

{call}
"""


def called(name: str, call: str) -> None:
    """Add a way to call train()."""

    def apply(attempt: Attempt) -> None:
        options = {"data": DATA[attempt.task], "epochs": 1, "run_dir": "runs/new", "device": "cpu"}
        if TARGET[attempt.task]:
            options["target"] = TARGET[attempt.task][1]
        attempt.words = ["-c", CALL.format(options=options, call=call)]

    on_system(name, apply, ("train",))


called("in a thread", "thread = threading.Thread(target=work); thread.start(); thread.join()")
called("stdout is a StringIO", "sys.stdout = io.StringIO(); work()")
called("stdout is None", "sys.stdout = None; work()")
called("stderr is None", "sys.stderr = None; work()")


# What is typed.


def typed(option: str, title: str, value: str, commands: tuple[str, ...]) -> None:
    """Add a value of an option."""

    def apply(attempt: Attempt) -> None:
        if option in attempt.words:
            at = attempt.words.index(option)
            del attempt.words[at : at + 2]
        attempt.words += [option, value]

    in_files(f"{option} is {title}", commands, apply)


VALUES = {
    "empty": "",
    "long": LONG,
    "deep": "/".join(["x" * 200] * 30),
    "two lines": "runs/a\nb",
    "a command for the terminal": "runs/\x1b[31mred\x07",
    "a file": "train.py",
    "in a file": "train.py/x",
    "a place that cannot be made": NOWHERE,
    "a device": "/dev/null",
    "no UTF-8": os.fsdecode(b"runs/\xff\xfe"),
}
for title, value in VALUES.items():
    typed("--run-dir", title, value, ("train", "resume", "eval", "predict", "report"))
    typed("--data", title, value, ("train", "eval", "report"))


# What predict.py is given.


def given(title: str, make: Callable[[Path], object]) -> None:
    """Add an input that `make` makes."""

    def apply(attempt: Attempt) -> None:
        name = f"x{ENDING[attempt.task]}"
        make(attempt.project / name)
        attempt.words[1] = name

    in_files(f"an input {title}", ("predict",), apply)


def write_line(path: Path) -> None:
    """Write 200 MB without the end of a line."""
    with path.open("wb") as file:
        for _ in range(200):
            file.write(b"x" * 1_000_000)


def write_columns(path: Path) -> None:
    """Write a table of a million columns."""
    line = ",".join(f"c{number}" for number in range(1_000_000))
    path.write_text(f"{line}\n{line}\n", encoding="utf-8")


given("is not there", lambda path: None)
given("is empty", Path.touch)
given("is a folder", Path.mkdir)
given("is a pipe", os.mkfifo)
given("links to a device", lambda path: path.symlink_to("/dev/zero"))
given("links to nothing", lambda path: path.symlink_to("nothing"))
given("links to itself", lambda path: path.symlink_to(path.name))
given("is random bytes", lambda path: path.write_bytes(os.urandom(10_000)))
given("is one line", write_line)
given("has a million columns", write_columns)


# The files of a run.

JSON: dict[str, object] = {
    "empty": "",
    "cut": '{"epochs": 2, "ba',
    "a list": "[1, 2]",
    "null": "null",
    "without keys": "{}",
    "nested": "[" * 100_000,
    "no UTF-8": "\udcff\udcfe",
    "texts": {"epochs": "2", "lr": "0.1", "n": "x", "loss": "y", "split": 3, "per_class": 5},
    "nulls": {"epochs": None, "lr": None, "n": None, "split": None, "baselines": None},
    "lists": {"epochs": [2], "patience": "x", "loss": [1], "baselines": [1], "best_by": [1]},
    "objects": {"epochs": {"a": 1}, "device": {"a": 1}, "baselines": {"a": {"accuracy": "x"}}},
    "huge": {"epochs": 10**400, "n": 10**400, "accuracy": 10**400},
    "infinite": {"epochs": float("inf"), "lr": float("nan"), "accuracy": float("nan")},
    "Booleans": {"epochs": True, "resume": "yes", "run_dir": 5, "data": 5},
}
METRICS = {
    "empty": "",
    "garbage": '\udcff\0\0,,,\n"',
    "its names alone": "epoch,val_loss\n",
    "words": "epoch,val_loss\na,b\n",
    "without epochs": "val_loss\n1\n",
    "too wide": "epoch,val_loss\n1,2,3,4\n",
    "not finite": "epoch,val_loss\n1,inf\n2,nan\n",
}


def spoiled(name: str, content: object) -> Apply:
    """Return a fault: a file of the runs holds something else, or has other values."""

    def apply(attempt: Attempt) -> None:
        for run in (DONE, HALF):
            path = attempt.project / run / name
            if not path.exists():
                continue
            text = content
            if isinstance(content, dict):
                text = json.dumps(json.loads(path.read_text(encoding="utf-8")) | content)
            path.write_bytes(str(text).encode("utf-8", "surrogateescape"))

    return apply


for title, value in JSON.items():
    in_files(f"config.json is {title}", READS_RUN, spoiled("config.json", value))
    in_files(f"eval.json is {title}", ("report", "runs", "eval"), spoiled("eval.json", value))
for title, value in METRICS.items():
    in_files(f"metrics.csv is {title}", ("report", "runs"), spoiled("metrics.csv", value))

CHECKPOINT = """
from pathlib import Path
import torch
from engine.checkpoint import load_checkpoint, save_checkpoint

path = Path("{path}")
state = load_checkpoint(path)
del state["format"]
{change}
for other in path.parent.glob("*.prev.pt"):
    other.unlink()
save_checkpoint(path, state)
"""
CHANGES = {
    "lacks its config": "del state['config']",
    "lacks its info": "del state['info']",
    "lacks its model": "del state['model']",
    "lacks its classes": "del state['info']['classes']",
    "lacks all": "state = {}",
    "has a list for its config": "state['config'] = [1]",
    "has nothing for its info": "state['info'] = None",
    "has numbers for classes": "state['info']['classes'] = [1, 2]",
    "has a list for its model": "state['model'] = [1]",
    "has numbers for weights": "state['model'] = {k: 1 for k in state['model']}",
    "has nothing for settings": "state['config'] = {k: None for k in state['config']}",
    "has nothing in its info": "state['info'] = {k: None for k in state['info']}",
    "is of another task": "state['info'] = {'classes': ['a', 'b'], 'max_length': 1, 'columns': []}",
    "has another progress": "state['progress'] = {'a': 1}; state['history'] = [1]",
    "has another optimizer": "state['optimizer'] = [1]; state['scheduler'] = 5",
    "has nothing for made_with": "state['made_with'] = None",
}


def changed(name: str, change: str) -> Apply:
    """Return a fault: a checkpoint is whole, but holds something else."""

    def apply(attempt: Attempt) -> None:
        run = HALF if attempt.command == "resume" else DONE
        script = CHECKPOINT.format(path=f"{run}/{name}", change=change)
        command = [sys.executable, "-c", script]
        subprocess.run(
            command, cwd=attempt.project, check=True, env=attempt.environment, timeout=300
        )

    return apply


for title, change in CHANGES.items():
    in_files(f"best.pt {title}", READS_BEST, changed("best.pt", change))
    in_files(f"last.pt {title}", ("resume", "doctor"), changed("last.pt", change))

FILES: dict[str, Callable[[Path], object]] = {
    "is gone": lambda path: None,
    "is empty": Path.touch,
    "is a folder": Path.mkdir,
    "is text": lambda path: path.write_text("hello", encoding="utf-8"),
    "is a pipe": os.mkfifo,
    "links to nothing": lambda path: path.symlink_to("nothing"),
    "links to a device": lambda path: path.symlink_to("/dev/zero"),
}
NAMES = ("best.pt", "last.pt", "config.json", "metrics.csv", "eval.json", "curves.png", "lock")


def replaced(name: str, make: Callable[[Path], object]) -> Apply:
    """Return a fault: a file or a folder is something else."""

    def apply(attempt: Attempt) -> None:
        for folder in [""] if name == "runs" else [DONE, HALF]:
            path = attempt.project / folder / name  # an empty name: the folder itself
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            make(path)

    return apply


for title, make in FILES.items():
    for name in (*NAMES, "examples"):
        in_files(f"{name} {title}", READS_RUN, replaced(name, make))
    in_files(f"the folder of the run {title}", READS_RUN, replaced("", make))
    in_files(f"runs {title}", tuple(COMMANDS), replaced("runs", make))
