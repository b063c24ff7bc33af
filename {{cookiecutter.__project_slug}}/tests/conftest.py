"""What the tests share: settings for a short training, and a way to run commands."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

PROJECT = Path(__file__).parent.parent
SMALL = {"width": 8, "max_length": 16, "context": 16}  # settings that some projects have


@pytest.fixture(autouse=True, scope="session")
def _usual_signals() -> None:
    """Let signals do what they usually do, also where these tests were started by nohup, or by &.

    A training, and what a test starts, leaves signals alone that were ignored when it began.
    """
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            usual = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
            signal.signal(number, usual)


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads on a busy machine are slower than one, and round differently."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)


@pytest.fixture
def tiny(tmp_path: Path):
    """Return settings for a training of less than a second, in a folder of its own."""
    from config import Config  # here, so that the tests of engine/ do without it

    config = Config(epochs=2, limit_batches=4, device="cpu", run_dir=str(tmp_path / "run"))
    known = {name: value for name, value in SMALL.items() if hasattr(config, name)}
    return replace(config, **known)


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess]:
    """Return a function that runs a command of the project, as a user does in a terminal."""

    def run(
        name: str, *words: object, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, str(PROJECT / name), *map(str, words)],
            cwd=tmp_path,  # an empty folder, so that nothing is left in the project
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture
def without(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Return a function that makes the environment of a command that lacks some packages."""

    def hide(*names: str) -> dict[str, str]:
        for name in names:
            missing = f"raise ModuleNotFoundError('it is not there', name={name!r})"
            (tmp_path / f"{name}.py").write_text(missing, encoding="utf-8")
        return {**os.environ, "PYTHONPATH": str(tmp_path)}

    return hide
