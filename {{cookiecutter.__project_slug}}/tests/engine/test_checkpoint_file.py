"""The file of a checkpoint is what was written, or it is refused and says why."""

import errno
import random
from collections import deque
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import torch
import toy
from same_run import assert_same_run, weights

from engine import checkpoint
from engine.checkpoint import load_checkpoint, load_model, load_newest, lock, save_checkpoint
from engine.checkpoint_file import FORMAT, SIGN, DamagedError, previous
from engine.errors import UserError

STATE = {"model": {"weight": torch.arange(200.0)}, "words": ["한글", "b"], "best": {"loss": 0.5}}


@pytest.fixture
def whole(tmp_path):
    """A file with a checkpoint, and one that was written before it."""
    path = tmp_path / "last.pt"
    save_checkpoint(path, {"epoch": 1, **STATE})
    save_checkpoint(path, {"epoch": 2, **STATE}, keep=True)
    return path


def bits_of_directory_and_digest(content: bytes) -> list[int]:
    """Return the numbers of many bits behind the contents of a zip file, and of some in these."""
    start = content.index(b"PK\x01\x02")  # where its directory begins
    bits = list(range(8 * start, 8 * len(content), 5))  # 5 comes by each of the 8 bits of a byte
    return bits + random.Random(0).sample(range(8 * start), 200)


def test_no_bit_of_a_checkpoint_can_change_without_a_word(whole):
    content = whole.read_bytes()
    bits = bits_of_directory_and_digest(content)
    assert len(bits) > 1000
    for bit in bits:
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        whole.write_bytes(flipped)
        with pytest.raises(DamagedError, match="is damaged"):
            load_checkpoint(whole)


@pytest.mark.parametrize("bit", [100, -300, -5])
def test_after_a_flipped_bit_the_checkpoint_before_it_is_taken(whole, bit, capsys):
    content = bytearray(whole.read_bytes())
    content[bit] ^= 4
    whole.write_bytes(content)
    for _ in range(2):
        newest = load_newest(whole)
        assert newest is not None
        assert newest["epoch"] == 1
        assert not previous(whole).exists()
    assert capsys.readouterr().out.count("is damaged") == 1


@pytest.mark.parametrize("change", ["cut", "longer", "zeros", "swapped"])
def test_what_a_disk_can_do_to_a_file_is_found_out(whole, change):
    content = whole.read_bytes()
    if change == "cut":
        content = content[:-1]
    elif change == "longer":
        content += b"\0"
    elif change == "zeros":
        content = content[:512] + bytes(512) + content[1024:]
    else:
        content = content[512:1024] + content[:512] + content[1024:]
    whole.write_bytes(content)
    with pytest.raises(DamagedError):
        load_checkpoint(whole)


def test_pytorch_and_zip_read_the_file_as_any_other(whole):
    assert torch.load(whole, weights_only=True)["epoch"] == 2
    with ZipFile(whole) as archive:
        assert archive.testzip() is None
    assert SIGN in whole.read_bytes()


def test_numbers_of_numpy_become_plain_ones_when_they_are_saved(tmp_path):
    content = {"f1": np.float64(0.5), "n": [np.int64(3)], "is": (np.bool_(True),), "at": {1: None}}
    content["word"] = np.str_("a")
    save_checkpoint(tmp_path / "best.pt", content)
    loaded = load_checkpoint(tmp_path / "best.pt")
    assert loaded == {"format": FORMAT, "f1": 0.5, "n": [3], "is": (True,), "at": {1: None}} | {
        "word": "a"
    }
    assert type(loaded["f1"]) is float
    assert type(loaded["n"][0]) is int


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (np.ones(2), "numpy.ndarray"),
        (np.datetime64("2026-11-29"), "numpy.datetime64"),
        (np.longdouble(1), "numpy.longdouble"),
        (Path("a"), "pathlib."),
        (deque([1]), "collections.deque"),
        (torch.nn.Linear(1, 1), "torch.nn.modules.linear.Linear"),
        (torch.__version__, "torch.torch_version.TorchVersion"),
        (range(2), "range"),
    ],
)
def test_what_could_not_be_loaded_again_is_refused_when_it_is_saved(tmp_path, value, kind):
    with pytest.raises(UserError) as error:
        save_checkpoint(tmp_path / "best.pt", {"info": {"extra": [1, value]}})
    assert "cannot hold info['extra'][1], which is a " + kind in str(error.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (np.float64(1), "numpy.float64"),
        (np.int32(1), "numpy.int32"),
        (np.ones(2), "numpy.ndarray"),
        (deque([1]), "collections.deque"),
    ],
)
def test_a_type_that_is_not_loaded_is_named_with_its_key(tmp_path, value, kind):
    content = {"format": FORMAT, "model": {}, "scores": {"accuracy": 1.0, "f1": value}, "n": 3}
    torch.save(content, tmp_path / "best.pt")
    with pytest.raises(UserError) as error:
        load_checkpoint(tmp_path / "best.pt")
    assert f"it holds a type that is not loaded: f1 is a {kind}" in str(error.value)


def test_a_checkpoint_of_an_earlier_version_is_refused_by_name(tmp_path):
    torch.save({"format": FORMAT - 1, "model": {}}, tmp_path / "best.pt")
    with pytest.raises(UserError, match=rf"an earlier version .*\(format {FORMAT - 1}, "):
        load_checkpoint(tmp_path / "best.pt")


@pytest.mark.parametrize("lost", ["config", "info", "model"])
def test_a_whole_file_that_is_of_no_training_says_what_it_lacks(tiny, lost):
    folder = toy.train(tiny)
    state = weights(folder, "best.pt")
    del state[lost]
    save_checkpoint(folder / "best.pt", state)
    with pytest.raises(UserError, match=rf"is whole, but no checkpoint of a training .* '{lost}'"):
        load_model(folder, torch.device("cpu"), toy.Config, toy.Info, toy.build_model)


@pytest.mark.parametrize(
    "changed",
    [
        {"progress": {"a": 1}},
        {"progress": []},
        {"fingerprint": None},
        {"scheduler": {"base_lrs": 5}},
    ],
)
def test_a_whole_file_with_other_contents_is_refused_in_one_line(tiny, changed):
    folder = toy.train(tiny)
    save_checkpoint(folder / "last.pt", load_checkpoint(folder / "last.pt") | changed)
    with pytest.raises(UserError):
        toy.train(replace(tiny, resume=True))


def damage(path):
    """Flip a bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_damaged_best_model_is_refused_with_where_the_one_before_is(tiny):
    folder = toy.train(tiny)
    damage(folder / "best.pt")
    with pytest.raises(UserError, match=r"damaged.*; best\.prev\.pt holds the best model before"):
        load_model(folder, torch.device("cpu"), toy.Config, toy.Info, toy.build_model)


def test_a_resumed_run_puts_its_best_model_right_from_the_last_one(tiny, unbroken, capsys):
    folder = toy.train(replace(tiny, save_every=1))
    assert weights(folder)["best"]["epoch"] == 2  # else this test shows nothing
    damage(folder / "best.pt")
    toy.train(replace(tiny, save_every=1, resume=True))
    assert "best.pt is damaged" in capsys.readouterr().out
    expected = weights(unbroken(tiny), "best.pt")["model"]
    for name, value in weights(folder, "best.pt")["model"].items():
        assert torch.equal(value, expected[name])
    assert_same_run(unbroken(tiny), folder)


@pytest.mark.parametrize("has_one_before", [True, False])
def test_where_the_last_model_is_not_the_best_the_one_before_takes_its_place(
    tiny, capsys, has_one_before
):
    folder = toy.train(tiny)
    state = load_checkpoint(folder / "last.pt")
    state["progress"]["batch"] = 1  # the next epoch has begun
    state["config"]["epochs"] = 3
    save_checkpoint(folder / "last.pt", state)
    damage(folder / "best.pt")
    if not has_one_before:
        previous(folder / "best.pt").unlink()
    toy.train(replace(tiny, epochs=3, resume=True))
    said = capsys.readouterr().out
    assert "best.pt is damaged" in said
    assert ("the best model before it takes its place" in said) == has_one_before
    load_checkpoint(folder / "best.pt")


@pytest.mark.parametrize("name", ["EAGAIN", "EACCES"])
def test_a_lock_of_another_training_is_named(tmp_path, monkeypatch, name):
    refuse_locks(monkeypatch, getattr(errno, name))
    with pytest.raises(UserError, match="another training is at work"):
        lock(tmp_path)


@pytest.mark.parametrize("name", ["ENOLCK", "ENOSYS", "EOPNOTSUPP", "EINVAL"])
def test_a_disk_without_locks_is_used_all_the_same(tmp_path, monkeypatch, capsys, name):
    refuse_locks(monkeypatch, getattr(errno, name))
    lock(tmp_path).close()
    assert "has no locks" in capsys.readouterr().out


def test_any_other_answer_to_a_lock_is_told(tmp_path, monkeypatch):
    refuse_locks(monkeypatch, errno.EIO)
    with pytest.raises(UserError, match="lock cannot be locked: "):
        lock(tmp_path)


def refuse_locks(monkeypatch, number):
    """Let the system answer that it cannot lock a file."""
    pytest.importorskip("fcntl", reason="Windows locks files in another way")

    def refuse(*_):
        raise OSError(number, "no")

    monkeypatch.setattr(checkpoint.fcntl, "lockf", refuse)


def test_a_second_training_at_the_same_instant_leaves_the_first_one_whole(tiny, command):
    folder = Path(tiny.run_dir)
    folder.mkdir()
    with lock(folder):  # the first one has come just before, and has written nothing yet
        answer = command("--run-dir", folder)
        assert answer.returncode == 2
        assert "another training is at work" in answer.stderr
        (folder / "config.json").write_text("{}", encoding="utf-8")
        assert command("--run-dir", folder).returncode == 2
        assert sorted(path.name for path in folder.iterdir()) == ["config.json", "lock"]
