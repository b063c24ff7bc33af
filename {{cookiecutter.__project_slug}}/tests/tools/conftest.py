"""What the tests of the tools share: how a user starts a command."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.settings import UserError

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def start(tmp_path):
    """Start Python in an empty folder, from which the project can be imported."""

    def run(*words, env=None):
        environment = dict(os.environ if env is None else env)
        folders = [str(PROJECT)]
        if environment.get("PYTHONPATH"):
            folders.insert(0, environment["PYTHONPATH"])
        environment["PYTHONPATH"] = os.pathsep.join(folders)
        return subprocess.run(
            [sys.executable, *[str(word) for word in words]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture
def command(start):
    """Run a command of the folder tools: command("report", "--help")."""

    def run(name, *arguments, env=None):
        return start("-m", f"tools.{name}", *arguments, env=env)

    return run


@pytest.fixture
def if_it_fits():
    """Skip a test where your network is not made for its data, as one for grey pictures alone.

    with if_it_fits():
        train(config)
    """

    @contextmanager
    def skip_otherwise():
        try:
            yield
        except UserError as error:
            if not str(error).startswith("model.py"):
                raise
            pytest.skip(f"your network is not made for such data: {error}")

    return skip_otherwise


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """The folder of a short run with its scores and examples, made once. It is not to be changed.

    What a test file writes into it, it writes into a copy of its own.
    """
    from config import Config
    from eval import main as evaluate
    from train import train

    folder = tmp_path_factory.mktemp("trained") / "run"
    train(Config(epochs=1, limit_batches=30, device="cpu", run_dir=str(folder)))
    evaluate(run_dir=str(folder), device="cpu", baseline=False)
    return folder
