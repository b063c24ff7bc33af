"""Several processes: the same training as in one, and the same checkpoints."""

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import PROJECT, SMALL
from test_train import assert_same_run, rows, weights

from checkpoint import load_model
from commands.settings import UserError
from loading import sampler
from parallel import batchnorm
from train import train

STILL = {"max_shift": 0, "dropout": 0.0}  # what is drawn at random differs between processes


@pytest.fixture
def still(tiny):
    """Settings for a training in which nothing is drawn at random within a step."""
    return replace(tiny, **{name: value for name, value in STILL.items() if hasattr(tiny, name)})


def start(count, run_dir, *more):
    """Start processes in the way of torchrun."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"WORLD_SIZE": count, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    command = [sys.executable, PROJECT / "train.py", "--device", "cpu", "--run-dir", run_dir]
    return [
        subprocess.Popen(
            [*map(str, command), *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", env={**os.environ, "RANK": str(rank), "LOCAL_RANK": str(rank),
                                   **{name: str(value) for name, value in settings.items()}},
        )
        for rank in range(count)
    ]  # fmt: skip


def finish(processes):
    """Wait for the processes and return what each printed."""
    said = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), said
    return [output for output, _ in said]


def flags(config):
    """Return what to type for these settings."""
    names = ["epochs", "limit_batches", *SMALL, *STILL]
    pairs = [("--" + name.replace("_", "-"), str(vars(config)[name]))
             for name in names if hasattr(config, name)]  # fmt: skip
    return [word for pair in pairs for word in pair]


def test_three_processes_train_as_one_does_and_go_on_where_they_stopped(still, tmp_path):
    alone, three, resumed = (tmp_path / name for name in ("run", "three", "resumed"))
    train(still)
    said = finish(start(3, three, *flags(still), "--save-every", "3"))
    assert "epoch   2" in said[0]
    assert said[1:] == ["", ""]
    for one, other in zip(rows(alone), rows(three), strict=True):
        for name in ("train_loss", "train_accuracy", "val_loss", "val_accuracy"):
            assert float(one.get(name, 0)) == pytest.approx(float(other.get(name, 0)), abs=1e-5)

    shutil.copytree(three, resumed)
    (resumed / "last.prev.pt").replace(resumed / "last.pt")
    assert weights(resumed)["step"] == 6
    shutil.copytree(resumed, tmp_path / "fewer")
    finish(start(3, resumed, "--resume"))
    assert_same_run(three, resumed)
    said = finish(start(1, tmp_path / "fewer", "--resume"))
    assert "number of processes was 3, now it is 1" in said[0]
    for one, other in zip(rows(three), rows(tmp_path / "fewer"), strict=True):
        assert float(one["train_loss"]) == pytest.approx(float(other["train_loss"]), abs=1e-5)


def test_with_fsdp_the_best_model_is_the_same(still, tmp_path):
    train(replace(still, epochs=1))
    sharded = tmp_path / "sharded"
    finish(start(2, sharded, *flags(replace(still, epochs=1)), "--fsdp"))
    one, other = (load_model(Path(run), torch.device("cpu"))[0].state_dict()
                  for run in (still.run_dir, sharded))  # fmt: skip
    assert one.keys() == other.keys()
    for name, value in one.items():
        torch.testing.assert_close(value, other[name], rtol=0, atol=1e-4)


def test_when_a_process_dies_the_others_end_in_one_line_and_the_last_save_stays(still, tmp_path):
    long = flags(replace(still, epochs=10_000))
    first, second = start(2, tmp_path / "long", *long, "--save-every", "1")
    while first.poll() is None and not (tmp_path / "long" / "last.pt").exists():
        pass
    second.kill()
    _, error = first.communicate(timeout=60)
    second.communicate()
    assert first.returncode == 2
    assert error == "error: another process of this training has ended, so this one ends\n"
    assert weights(tmp_path / "long")["step"] > 0


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_each_example_is_in_one_share_of_one_batch(monkeypatch, processes):
    monkeypatch.setattr(sampler, "WORLD_SIZE", processes)
    batches = []
    for rank in range(processes):
        monkeypatch.setattr(sampler, "RANK", rank)
        batches.append(list(sampler.BatchSampler(range(100), 16, seed=0, limit=0)))
    together = [torch.cat(shares) for shares in zip(*batches, strict=True)]
    assert sorted(torch.cat(together).tolist()) == list(range(100))
    monkeypatch.setattr(sampler, "WORLD_SIZE", 1)
    monkeypatch.setattr(sampler, "RANK", 0)
    alone = list(sampler.BatchSampler(range(100), 16, seed=0, limit=0))
    assert all(map(torch.equal, alone, together))


def test_batches_smaller_than_the_number_of_processes_are_refused(monkeypatch):
    monkeypatch.setattr(sampler, "WORLD_SIZE", 8)
    with pytest.raises(UserError, match="100 examples in 25 batches are too few for 8 processes"):
        sampler.BatchSampler(range(100), 4, seed=0, limit=0)


def test_fsdp_in_one_process_is_refused_with_what_to_type(tiny):
    with pytest.raises(UserError, match=r"--fsdp needs several processes: torchrun "):
        train(replace(tiny, fsdp=True))


def test_shared_batch_normalisation_is_pytorchs_own_where_there_is_one_process():
    torch.manual_seed(0)
    theirs, ours = (torch.nn.BatchNorm2d(3) for _ in range(2))
    batchnorm.share_batch_norm(ours, torch.device("cpu"))
    slopes = []
    for layer in (theirs, ours):
        torch.manual_seed(1)
        batches = (torch.randn(4, 5, 3, 2, 2) + 2).requires_grad_()
        for batch in batches:
            (layer(batch).relu() * batch).sum().backward()
        slopes.append(batches.grad)
    torch.testing.assert_close(*slopes)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    for name, value in theirs.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], value)
    torch.testing.assert_close(ours.weight.grad, theirs.weight.grad)
    batch = torch.randn(5, 3, 2, 2)
    torch.testing.assert_close(ours.eval()(batch), theirs.eval()(batch))
