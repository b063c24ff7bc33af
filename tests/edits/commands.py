"""Runs the commands of a project, as a user starts them."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


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
        with self.output.open("wb") as stdout, self.errors.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, *words],
                cwd=project,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )

    def is_running(self) -> bool:
        """Return whether it has not ended yet."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait(timeout=60)

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
        return Result(self.process.returncode, stdout, stderr)
