"""A trained model, which all tests in a browser share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """Train a model and return the folder with its run."""
    from shared import SHORT, TASK, run  # without a browser it ends the file that imports it

    folder = tmp_path_factory.mktemp("demo")
    epochs = [] if "SCREENSHOTS" in os.environ else SHORT.get(TASK, [])
    run("train.py", "--device", "cpu", *epochs, folder=folder)
    run("eval.py", "--no-baseline", "--device", "cpu", folder=folder)
    return folder
