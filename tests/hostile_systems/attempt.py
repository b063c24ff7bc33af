"""A command of a project that is started on a system or with files that are not as they should be.

What may come of it: it does what it is for (exit code 0), or it says in one line what is wrong and
what to do (exit code 2). A traceback is neither.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "edits"))

from commands import Command

LONGEST = 90  # seconds that a command may take
DATA = {"image": "pictures", "tabular": "table.csv", "text": "texts.csv", "language": "이야기.txt"}
INPUTS = {
    "image": "pictures/고양이/0.png",
    "tabular": "inputs.csv",
    "text": "inputs.csv",
    "language": "시작.txt",
}
TARGET = {"image": [], "tabular": ["--target", "종류"], "text": [], "language": []}
DONE = "runs/made"  # a run that is finished and evaluated
HALF = "runs/half"  # one that was stopped after an epoch
COMMANDS = (
    *("train", "resume", "eval", "predict", "tools", "demo", "report", "runs", "sweep", "export"),
    *("doctor", "fetch", "lessons", "card", "space", "serve", "web"),
)
SERVING = ("demo", "serve")  # these answer until a signal ends them
QUICK = ("train", "runs", "tools", "predict", "runs", "tools")  # in turn; two need no PyTorch
# What others say on stderr, or predict.py when it begins: no part of our line.
NOTICES = (
    *("the best model of ", "Matplotlib created a temporary ", "libgomp: ", "OpenBLAS "),
    "ERROR: Unexpected ",  # PyTorch in a process that reads data
    "\x1b[0;93m",  # onnxruntime, in yellow: it may write nowhere
)
PARTIAL = ".partial"  # in the name of what is not written whole yet
NO_FOLDER = ("-P", "-I")  # with these `python -m` does not look into the folder: Python says so


def words_of(command: str, task: str) -> list[str]:
    """Return what is typed behind `python`."""
    data = ["--data", DATA[task], *TARGET[task]]
    return {
        "train": ["train.py", *data, "--epochs", "1", "--device", "cpu", "--run-dir", "runs/new"],
        "resume": ["train.py", "--resume", "--run-dir", HALF],
        "eval": ["eval.py", "--run-dir", DONE],
        "predict": ["predict.py", INPUTS[task], "--run-dir", DONE],
        "tools": ["-m", "tools"],
        "demo": ["-m", "tools.demo", "--run-dir", DONE],
        "report": ["-m", "tools.report", "--run-dir", DONE],
        "runs": ["-m", "tools.runs"],
        "sweep": ["-m", "tools.sweep", *data, "--epochs", "1", "--trials", "1"],
        "export": ["-m", "tools.export", "--run-dir", DONE],
        "doctor": ["-m", "tools.doctor"],
        "fetch": ["-m", "tools.fetch", "nobody/nothing"],
        "lessons": ["-m", "lessons", "--list"],
        "card": ["-m", "tools.card", "--run-dir", DONE],
        "space": ["-m", "tools.space", "--run-dir", DONE],
        "serve": ["-m", "tools.serve", "--run-dir", DONE],
        "web": ["-m", "tools.export", "--web", "--run-dir", DONE],
    }[command]


def exists(command: str, project: Path) -> bool:
    """Return whether a project has the command."""
    return command != "fetch" or (project / "tools" / "fetch.py").exists()


@dataclass
class Attempt:
    """One command under one fault. A fault changes what it finds here before it is started."""

    command: str
    task: str
    project: Path  # a copy that is its own
    words: list[str]
    environment: dict[str, str]
    folder: Path  # where it is started
    python_options: list[str] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)  # of 0, 1 and 2, those that are closed
    files: dict[int, str] = field(default_factory=dict)  # of 1 and 2, those that are a device
    limits: list[tuple[str, int]] = field(default_factory=list)  # of the module resource
    wrapper: list[str] = field(default_factory=list)  # stands before `python`
    while_running: Callable[[int], None] | None = None  # gets the number of the process
    code: int | None = None  # its exit code; None if it was not done in time
    said: str = ""
    complained: str = ""

    def run(self, is_of_system: bool) -> str:
        """Run it; return what was wrong, or nothing.

        Args:
            is_of_system: Start it with that environment, those limits and those streams.
        """
        if self.command in SERVING:
            is_of_system = True  # it is stopped by a signal
        if not is_of_system:
            output = self.project.parent / "stdout.txt"
            result = Command(self.words, self.project, output).wait(LONGEST)
            self.said = result.stdout
            self.complained = result.stderr
            self.code = None if result.code == 124 else result.code
        else:
            self.start()
        return self.judge()

    def start(self) -> None:
        """Start Python, and wait for its end."""
        port = free_port()
        if self.command in SERVING:
            self.words += ["--port", str(port)]
        process = subprocess.Popen(
            [*self.wrapper, sys.executable, *self.python_options, *self.words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=self.prepare,
            start_new_session=True,
        )
        try:
            if self.while_running is not None:
                self.while_running(process.pid)
            if self.command in SERVING:
                stop_when_served(process, port)
            said, complained = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            end_group(process.pid)
            said, complained = process.communicate(timeout=60)
        else:
            self.code = process.returncode
            end_group(process.pid)
        self.said = said.decode("utf-8", "replace")
        self.complained = complained.decode("utf-8", "replace")

    def prepare(self) -> None:
        """Set limits and close files, in the process of the command before Python starts."""
        import resource

        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, path in self.files.items():
            os.dup2(os.open(path, os.O_RDWR), number)
        for number in self.closed:
            os.close(number)
        for name, value in self.limits:
            resource.setrlimit(getattr(resource, name), (value, value))

    def judge(self) -> str:
        """Return what was wrong, or nothing."""
        if self.code is None:
            return f"not done after {LONGEST} s"
        everything = self.said + self.complained
        if "Traceback" in everything or "Exception ignored" in everything:
            return f"a traceback, exit code {self.code}"
        is_module = self.words[0] == "-m"
        if is_module and (
            self.environment.get("PYTHONSAFEPATH") or set(NO_FOLDER) & set(self.python_options)
        ):
            return "" if self.code == 1 else f"exit code {self.code}"
        if self.code == 130 and self.command in SERVING:  # Ctrl-C has ended it
            return ""
        if self.code not in (0, 2):
            return f"exit code {self.code}"
        half = [path.name for path in self.project.glob(f"{DONE}/*{PARTIAL}*")]
        if half:
            return f"it left {', '.join(half)}"
        if self.code == 0 or 2 in self.closed or 2 in self.files:
            return ""
        lines = [line.strip("\0 ") for line in self.complained.rstrip("\n").split("\n")]
        own = [line for line in lines if not line.startswith(NOTICES)]
        if len(own) != 1 or not own[0].startswith("error: "):
            return f"{len(own)} lines on stderr instead of one"
        if not own[0].isprintable():
            return "characters on stderr that cannot be printed"
        return ""


def end_group(number: int) -> None:
    """End a command and all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(number, signal.SIGKILL)


def free_port() -> int:
    """Return the number of a port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def stop_when_served(process: subprocess.Popen, port: int) -> None:
    """Wait until a page is served, then stop the command as Ctrl-C does."""
    end = time.monotonic() + LONGEST
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(0.5)  # it prints where the page is
            process.send_signal(signal.SIGINT)
            return


def new_attempt(command: str, task: str, prepared: Path, folder: Path) -> Attempt:
    """Return an attempt in a copy of a project, on a system as it should be."""
    project = folder / "project"
    shutil.copytree(prepared, project, symlinks=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", str(folder)),
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
    }
    return Attempt(command, task, project, words_of(command, task), environment, project)
