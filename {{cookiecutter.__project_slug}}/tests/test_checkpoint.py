"""Checkpoints: whole or not at all, checked when read."""

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from checkpoint import check_data, load_checkpoint, load_model, save_checkpoint
from commands.settings import UserError
from data import load_splits
from saving import files
from train import train

CPU = torch.device("cpu")
STATE = {"format": files.FORMAT, "model": {"weight": torch.arange(1000.0)}}


def test_what_is_saved_is_what_is_loaded(tmp_path):
    save_checkpoint(tmp_path / "last.pt", STATE)
    assert torch.equal(
        load_checkpoint(tmp_path / "last.pt")["model"]["weight"], torch.arange(1000.0)
    )
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]


def test_a_save_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch):
    save_checkpoint(tmp_path / "last.pt", STATE)
    before = (tmp_path / "last.pt").read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(UserError, match=r"the one before it stays: .* is full"):
        save_checkpoint(tmp_path / "last.pt", STATE | {"format": 2})
    assert (tmp_path / "last.pt").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has a disk that is full")
def test_on_a_full_disk_the_old_file_stays_and_the_training_says_so(tiny):
    folder = train(tiny)
    before = (folder / "last.pt").read_bytes()
    (folder / "last.pt.partial").symlink_to("/dev/full")
    with pytest.raises(UserError, match=r"last\.pt, the one before it stays: .* is full"):
        train(replace(tiny, resume=True))
    assert (folder / "last.pt").read_bytes() == before
    train(replace(tiny, resume=True))


def flip_a_bit(content):
    spot = random.Random(0).randrange(len(content) // 4, len(content) // 2)
    return content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :]


@pytest.mark.parametrize(
    "damage",
    [lambda content: content[: len(content) // 2], lambda _: b"", lambda _: b"<html>", flip_a_bit],
    ids=["cut off", "empty", "a web page", "one bit flipped"],
)
def test_a_damaged_checkpoint_is_refused(tmp_path, damage):
    path = tmp_path / "last.pt"
    save_checkpoint(path, STATE)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UserError, match="damaged"):
        load_checkpoint(path)


class Malicious:
    def __reduce__(self):
        return os.mkdir, ("was_run",)


@pytest.mark.parametrize("content", [Malicious(), torch.ones(2), {"model": {}}])
def test_what_is_no_checkpoint_of_ours_is_refused_and_not_run(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    torch.save(content, "best.pt")
    with pytest.raises(UserError, match="no checkpoint of this project"):
        load_checkpoint(tmp_path / "best.pt")
    assert not (tmp_path / "was_run").exists()


def test_a_checkpoint_of_a_newer_version_is_refused_by_name(tmp_path):
    save_checkpoint(tmp_path / "best.pt", {"format": files.FORMAT + 1})
    with pytest.raises(UserError, match=r"a newer version .*format 2, this one reads 1"):
        load_checkpoint(tmp_path / "best.pt")


def test_a_missing_checkpoint_is_named_with_what_to_do(tmp_path):
    with pytest.raises(UserError, match=r"no .*best\.pt yet: let `python train\.py`"):
        load_checkpoint(tmp_path / "best.pt")


def test_a_trained_model_answers_as_it_did_in_the_training(tiny):
    folder = train(tiny)
    model, config, state = load_model(folder, CPU)
    assert config.epochs == 2
    assert not model.training
    assert state["best"] == min(state["history"], key=lambda row: row["val_loss"])
    assert state["epoch"] == state["history"][-1]["epoch"]


def test_a_checkpoint_of_another_model_is_refused_in_one_line(tiny):
    folder = train(tiny)
    state = torch.load(folder / "best.pt", weights_only=True)
    state["model"] = {name + "_old": value for name, value in state["model"].items()}
    save_checkpoint(folder / "best.pt", state)
    with pytest.raises(UserError, match=r"the model in .* does not fit") as error:
        load_model(folder, CPU)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("key", ["classes", "fingerprint"])
def test_data_that_have_changed_since_the_training_are_refused(tiny, key):
    folder = train(tiny)
    state = load_checkpoint(folder / "last.pt")
    splits = load_splits(tiny)
    check_data(splits, state, folder)
    with pytest.raises(UserError, match="the data have changed since"):
        check_data(splits | {key: None}, state, folder)
    save_checkpoint(folder / "last.pt", state | {key: []})
    with pytest.raises(UserError, match="the data have changed since"):
        train(replace(tiny, resume=True))
