"""Runs the commands of a project, with what they import loaded beforehand.

To start Python and to load PyTorch takes longer than a short training. So on Linux a command runs
in a copy (fork) of this process, in which the packages are there already, but none of the project's
own files. Elsewhere, and with --plain, it is started as a user starts it.
"""

import importlib
import os
import random
import runpy
import signal
import subprocess
import sys
import time
import traceback
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PACKAGES = [
    "torch",
    "numpy",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "PIL.Image",
    "sklearn.metrics",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.feature_extraction.text",
    "sklearn.pipeline",
    "tqdm",
    "tyro",
    "yaml",
    "pytest",
    "torch.optim.lr_scheduler",
    "torch.nn.parallel",
    "torch.distributed.fsdp",
    "safetensors.torch",
    "onnx",
    "onnxruntime",
    "onnxscript",
    "torch.onnx",
]
OWN = ("checks", "commands", "edit_file")  # these modules must not be there in a command


@dataclass
class Result:
    """What a command left."""

    code: int  # its exit code; 124 if it took too long
    stdout: str
    stderr: str

    def reason(self) -> str:
        """Return the last line that says why it failed."""
        lines = (self.stderr.strip() or self.stdout.strip()).splitlines()
        return lines[-1] if lines else f"exit code {self.code}"


def load_packages() -> None:
    """Import what the commands need, as far as it is installed."""
    if not may_fork():
        return
    warnings.simplefilter("ignore")
    for name in PACKAGES:
        with suppress(ImportError):
            importlib.import_module(name)
    warnings.resetwarnings()


def may_fork() -> bool:
    """Return whether commands run in copies of this process."""
    return sys.platform == "linux" and os.environ.get("EDITS_PLAIN") != "1"


class Command:
    """A command of a project that was started.

    Args:
        words: As behind `python` in a terminal.
        project: Where it runs.
        output: What it prints goes to this file, and with .errors behind it.
    """

    def __init__(self, words: list[str], project: Path, output: Path) -> None:
        self.output = output
        self.errors = output.with_name(output.name + ".errors")
        self.code: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        if may_fork():
            self.process = None
            self.pid = os.fork()
            if self.pid == 0:
                run_in_copy(words, project, self.output, self.errors)
            return
        with self.output.open("w") as stdout, self.errors.open("w") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, *words],
                cwd=project,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
            self.pid = self.process.pid

    def is_running(self) -> bool:
        """Return whether it has not ended yet."""
        if self.code is not None:
            return False
        if self.process is not None:
            self.code = self.process.poll()
        else:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is None

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if os.name == "nt":
            assert self.process is not None
            self.process.kill()
        else:
            os.kill(self.pid, signal.SIGKILL)
        while self.is_running():
            time.sleep(0.001)

    def wait(self, seconds: float) -> Result:
        """Return what it left, after so many seconds at most."""
        end = time.monotonic() + seconds
        try:
            while self.is_running() and time.monotonic() < end:
                time.sleep(0.005)
        finally:
            is_late = self.is_running()
            if is_late:
                self.kill()
        stdout = self.output.read_text(encoding="utf-8", errors="replace")
        stderr = self.errors.read_text(encoding="utf-8", errors="replace")
        if is_late:
            return Result(124, stdout, f"{stderr}\nnot done after {seconds:.0f} s")
        assert self.code is not None
        return Result(self.code, stdout, stderr)


def run_in_copy(words: list[str], project: Path, output: Path, errors: Path) -> None:
    """Run a command in this process, which is a copy, and end it."""
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        for number, path in ((1, output), (2, errors)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
        os.chdir(project)
        for name in OWN:
            sys.modules.pop(name, None)
        forget_random_numbers()
        sys.path[0] = str(project)
        if words[0] == "-m":
            sys.argv = words[1:]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = list(words)
            runpy.run_path(words[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def forget_random_numbers() -> None:
    """Begin with other random numbers than the copies before, as every new process does."""
    import numpy
    import torch

    random.seed()
    numpy.random.seed()
    torch.seed()
