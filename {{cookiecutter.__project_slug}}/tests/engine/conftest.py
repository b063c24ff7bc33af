"""What the tests of the engine share: a small run, and how a user starts a command."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import toy

PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    """Two threads on a busy machine are slower than one, and round differently."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)


@pytest.fixture
def tiny(tmp_path):
    """Settings for a training of less than a second, in a folder of its own."""
    return toy.Config(limit_batches=4, device="cpu", run_dir=str(tmp_path / "run"))


@pytest.fixture(scope="session")
def unbroken(tmp_path_factory):
    """Train without a break, once for the same settings, and return the run's folder."""
    runs = {}

    def run(config, **changed):
        if repr(changed) not in runs:
            folder = tmp_path_factory.mktemp("unbroken") / "run"
            runs[repr(changed)] = toy.train(replace(config, run_dir=str(folder), **changed))
        return runs[repr(changed)]

    return run


@pytest.fixture
def environment(tmp_path):
    """Return the environment of a command that finds the project, but not these packages."""

    def make(*without):
        for name in without:
            missing = f"raise ModuleNotFoundError('it is not there', name={name!r})"
            (tmp_path / f"{name}.py").write_text(missing, encoding="utf-8")
        folders = [str(tmp_path), str(PROJECT)]
        return os.environ | {"PYTHONPATH": os.pathsep.join(folders)}

    return make


@pytest.fixture
def command(tmp_path, environment):
    """Train as a user does in a terminal, in an empty folder."""

    def run(*arguments, program=toy.__file__, env=None):
        return subprocess.run(
            [sys.executable, *map(str, [program, *arguments])],
            cwd=tmp_path,
            env=environment() if env is None else env,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    return run
