"""What the tests share: a small run, and the project's folder to start commands in."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from config import Config

PROJECT = Path(__file__).parent.parent
SMALL = {"width": 8, "max_length": 16}  # settings that some tasks have


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    """Two threads on a busy machine are slower than one, and round differently."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)


@pytest.fixture
def tiny(tmp_path):
    """Settings for a training of less than a second, in a folder of its own."""
    config = Config(epochs=2, limit_batches=4, device="cpu", run_dir=str(tmp_path / "run"))
    return replace(config, **{name: n for name, n in SMALL.items() if hasattr(config, name)})


@pytest.fixture
def command(tmp_path):
    """Run a command of the project in an empty folder, as a user does in a terminal."""

    def run(name, *arguments, **options):
        return subprocess.run(
            [sys.executable, PROJECT / name, *map(str, arguments)],
            cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, **options,
        )  # fmt: skip

    return run


@pytest.fixture
def without(tmp_path):
    """Return the environment of a command that does not find these packages."""

    def hide(*names):
        for name in names:
            missing = f"raise ModuleNotFoundError('it is not there', name={name!r})"
            (tmp_path / f"{name}.py").write_text(missing, encoding="utf-8")
        return os.environ | {"PYTHONPATH": str(tmp_path)}

    return hide
