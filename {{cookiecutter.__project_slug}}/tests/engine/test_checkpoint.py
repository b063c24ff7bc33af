"""Checkpoints: whole or not at all, checked when read."""

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import toy

from engine import checkpoint, whole_files
from engine.checkpoint import (
    check_data,
    load_checkpoint,
    load_model,
    load_same_data,
    save_checkpoint,
)
from engine.settings import UserError

CPU = torch.device("cpu")
STATE = {"format": checkpoint.FORMAT, "model": {"weight": torch.arange(1000.0)}}


def load_toy(folder):
    return load_model(folder, CPU, toy.Config, toy.Info, toy.build_model)


def test_what_is_saved_is_what_is_loaded(tmp_path):
    save_checkpoint(tmp_path / "last.pt", STATE)
    loaded = load_checkpoint(tmp_path / "last.pt")
    assert torch.equal(loaded["model"]["weight"], torch.arange(1000.0))
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]


def test_a_save_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left")

    save_checkpoint(tmp_path / "last.pt", STATE)
    before = (tmp_path / "last.pt").read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        UserError, match=r"is full, make room there; the checkpoint before it stays"
    ):
        save_checkpoint(tmp_path / "last.pt", STATE | {"format": 2})
    assert (tmp_path / "last.pt").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has a disk that is full")
def test_on_a_full_disk_the_old_file_stays_and_the_training_says_so(tiny, monkeypatch):
    folder = toy.train(tiny)
    before = (folder / "last.pt").read_bytes()
    with monkeypatch.context() as disk, Path("/dev/full").open("r+b") as full:
        disk.setattr(whole_files, "create", lambda path: full)
        with pytest.raises(
            UserError,
            match=r"last\.pt: .* is full, make room there; the checkpoint before it stays",
        ):
            toy.train(replace(tiny, resume=True))
    assert (folder / "last.pt").read_bytes() == before
    toy.train(replace(tiny, resume=True))


def cut_off(content):
    return content[: len(content) // 2]


def empty(_):
    return b""


def a_web_page(_):
    return b"<html>"


def one_bit_flipped(content):
    spot = random.Random(0).randrange(len(content) // 4, len(content) // 2)
    return content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :]


@pytest.mark.parametrize("damage", [cut_off, empty, a_web_page, one_bit_flipped])
def test_a_damaged_checkpoint_is_refused(tmp_path, damage):
    path = tmp_path / "last.pt"
    save_checkpoint(path, STATE)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UserError, match="damaged"):
        load_checkpoint(path)


class Malicious:
    """Makes a folder where it is unpickled."""

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
    this = checkpoint.FORMAT
    save_checkpoint(tmp_path / "best.pt", {"format": this + 1})
    newer = rf"a newer version .*format {this + 1}, this one reads {this}"
    with pytest.raises(UserError, match=newer):
        load_checkpoint(tmp_path / "best.pt")


def test_a_missing_checkpoint_is_named_with_what_to_do(tmp_path):
    with pytest.raises(UserError, match=r"no .*best\.pt yet: let `python train\.py`"):
        load_checkpoint(tmp_path / "best.pt")


def test_a_trained_model_answers_as_it_did_in_the_training(tiny):
    folder = toy.train(tiny)
    loaded = load_toy(folder)
    state = loaded.checkpoint
    assert (loaded.config.epochs, loaded.config.limit_batches) == (2, 4)
    assert loaded.info == toy.load_data(tiny).info
    assert not loaded.model.training
    history = state["progress"]["history"]
    assert state["best"] == min(history, key=lambda row: row["val_loss"])
    assert state["epoch"] == history[-1]["epoch"]
    val = toy.load_data(tiny).val
    loader = toy.make_loader(val, 1024, loaded.config)
    answers = toy.evaluate(loaded.model, loader, toy.compute_loss, loaded.config)
    assert answers.losses.double().mean().item() == state["best"]["val_loss"]


def test_a_checkpoint_of_another_model_is_refused_in_one_line(tiny):
    folder = toy.train(tiny)
    state = torch.load(folder / "best.pt", weights_only=True)
    state["model"] = {name + "_old": value for name, value in state["model"].items()}
    save_checkpoint(folder / "best.pt", state)
    with pytest.raises(UserError, match=r"the model in .* does not fit") as error:
        load_toy(folder)
    assert "\n" not in str(error.value)


def test_what_config_and_info_lost_does_not_stop_an_old_run(tiny):
    folder = toy.train(tiny)
    state = torch.load(folder / "best.pt", weights_only=True)
    state["config"]["no_more"] = 1
    state["info"]["no_more"] = [1, 2]
    save_checkpoint(folder / "best.pt", state)
    assert load_toy(folder).config.epochs == 2


def test_a_run_on_another_kind_of_data_is_refused_in_one_line(tiny):
    @toy.dataclass(kw_only=True)
    class OtherInfo(toy.Info):
        words: int

    folder = toy.train(tiny)
    with pytest.raises(UserError, match=r"data of another kind than data\.py's Info .*'words'"):
        load_model(folder, CPU, toy.Config, OtherInfo, toy.build_model)


@pytest.mark.parametrize("changed", ["classes", "fingerprint", "size"])
def test_data_that_have_changed_since_the_training_are_refused(tiny, monkeypatch, changed):
    folder = toy.train(tiny)
    state = load_checkpoint(folder / "last.pt")
    data = toy.load_data(tiny)
    check_data(data, state, folder)
    if changed == "classes":
        data.info.classes = ["left", "right", "below"]
    elif changed == "fingerprint":
        data.fingerprint = "other points"
    else:
        data.test = toy.make_points().part(torch.arange(7))
    with pytest.raises(UserError, match="the data have changed since"):
        check_data(data, state, folder)
    monkeypatch.setattr(toy, "load_data", lambda config: data)
    with pytest.raises(UserError, match="the data have changed since"):
        toy.train(replace(tiny, resume=True))


@pytest.fixture
def moved(tiny, tmp_path):
    """A run whose data were in old.txt, and are in new.txt now."""
    old = tmp_path / "old.txt"
    old.write_text("these", encoding="utf-8")
    config = replace(tiny, data=str(old))
    toy.train(config)
    old.rename(tmp_path / "new.txt")
    return config


def load_points(config, data):
    """Return the data of a run, as eval.py --data loads them."""
    folder = Path(config.run_dir)
    loaded = load_model(folder, CPU, toy.Config, toy.Info, toy.build_model, data)
    return load_same_data(toy.load_data, loaded, folder)


def test_data_that_have_moved_are_found_where_data_says(moved, tmp_path):
    new = str(tmp_path / "new.txt")
    assert len(load_points(moved, new).test) == len(toy.load_data(replace(moved, data=new)).test)
    toy.train(replace(moved, data=new, resume=True))


def test_data_that_are_not_where_they_were_are_named_with_the_option(moved, tmp_path):
    with pytest.raises(UserError) as error:
        load_points(moved, None)
    assert str(error.value) == (
        f"{moved.run_dir} was trained on {moved.data}, which is not there: "
        "if it has moved, --data says where it is now"
    )
    nowhere = str(tmp_path / "nowhere.txt")
    with pytest.raises(UserError, match=r"nowhere\.txt is not there: --data says .*old\.txt$"):
        load_points(moved, nowhere)


def test_other_data_are_refused_with_both_places(moved, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("those", encoding="utf-8")
    expected = (
        f"the data in {other} are not those in {moved.data} that {moved.run_dir} was trained on: "
        "name these, or train a new model"
    )
    with pytest.raises(UserError) as error:
        load_points(moved, str(other))
    assert str(error.value) == expected
    with pytest.raises(UserError) as error:
        toy.train(replace(moved, data=str(other), resume=True))
    assert str(error.value) == expected


def test_a_run_on_the_data_of_the_project_is_not_scored_on_others(tiny, tmp_path):
    toy.train(tiny)
    other = tmp_path / "other.txt"
    other.write_text("those", encoding="utf-8")
    with pytest.raises(UserError, match=r"other\.txt are not those in the project itself that "):
        load_points(tiny, str(other))


def test_a_mistake_in_data_that_are_there_stays_what_it_is(moved, tmp_path, monkeypatch):
    def load_data(config):
        raise UserError("line 3 has no label")

    monkeypatch.setattr(toy, "load_data", load_data)
    with pytest.raises(UserError, match=r"^line 3 has no label$"):
        load_points(moved, str(tmp_path / "new.txt"))


def test_a_resumed_run_says_so_where_its_data_are_not_there(moved, command):
    answer = command("--resume", "--run-dir", moved.run_dir)
    assert answer.returncode == 2
    assert f"note: {moved.data} is not there; if it has moved, --data says" in answer.stdout
