"""What the tests of the tasks share: one thread, and how a user starts a command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    """Two threads on a busy machine are slower than one, and round differently."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)


@pytest.fixture
def command(tmp_path):
    """Run a command of the project in an empty folder, as a user does in a terminal."""

    def run(name, *arguments, without=()):
        variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        for package in without:  # the command does not find it
            missing = f"raise ModuleNotFoundError('it is not there', name={package!r})"
            (tmp_path / f"{package}.py").write_text(missing, encoding="utf-8")
            variables["PYTHONPATH"] = str(tmp_path)
        return subprocess.run(
            [sys.executable, Path(os.environ["PROJECT"], name), *map(str, arguments)],
            cwd=tmp_path,
            env=variables,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    return run
