"""Whether two runs are the same, bit for bit."""

import csv
from pathlib import Path

import torch


def weights(folder, name="last.pt"):
    """Return a checkpoint."""
    return torch.load(Path(folder) / name, weights_only=True)


def rows(folder):
    """Return the rows of metrics.csv as text, without what the clock measured."""
    with (Path(folder) / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return [{**row, "seconds": None} for row in csv.DictReader(file)]


def assert_same_run(one, other):
    """Compare the epochs, the weights and the state of the optimizer of two runs."""
    mine = weights(one)
    theirs = weights(other)
    assert rows(one) == rows(other)
    assert mine["model"].keys() == theirs["model"].keys()
    for name, tensor in mine["model"].items():
        assert torch.equal(tensor, theirs["model"][name]), name
    for number, state in mine["optimizer"]["state"].items():
        for name, value in state.items():
            assert torch.equal(value, theirs["optimizer"]["state"][number][name]), name
