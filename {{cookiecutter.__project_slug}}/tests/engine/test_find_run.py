"""Which run a command means, and what a run says of itself."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest
import toy

import engine.runs
from engine.errors import UserError
from engine.runs import find_run, make_newest, read_config


@pytest.fixture
def runs(tiny, tmp_path, monkeypatch):
    """Make runs in the folder `runs` of a project, by their names."""
    monkeypatch.chdir(tmp_path)

    def begin(name, **changed):
        config = replace(tiny, run_dir=f"runs/{name}", epochs=1, limit_batches=1, **changed)
        return toy.train(config)

    return begin


def test_the_newest_run_is_the_one_that_began_last_whatever_its_files_say(runs):
    runs("b")
    runs("c")
    runs("a")
    for name in ("b", "c"):
        os.utime(f"runs/{name}/config.json")  # as a copy does
    assert find_run(None) == Path("runs/a")
    assert find_run("runs/b") == Path("runs/b")
    with pytest.raises(UserError, match="no run in elsewhere"):
        find_run("elsewhere")


def test_where_the_clock_was_set_back_the_run_that_began_last_is_still_the_newest(
    runs, monkeypatch
):
    class YearsAgo(engine.runs.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2001, 1, 1, tzinfo=tz)

    runs("before")
    monkeypatch.setattr(engine.runs, "datetime", YearsAgo)
    runs("after")
    assert find_run(None) == Path("runs/after")


def test_two_runs_of_the_same_instant_are_told_apart(runs, monkeypatch):
    class Now(engine.runs.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 1, tzinfo=tz)

    monkeypatch.setattr(engine.runs, "datetime", Now)
    runs("z")
    runs("a")
    assert find_run(None) == Path("runs/a")
    identities = [read_config(Path("runs", name))["run"]["id"] for name in ("a", "z")]
    assert identities[0] != identities[1]


def test_a_copied_project_has_the_same_newest_run(runs, tmp_path, monkeypatch):
    for name in ("c", "a", "b"):
        runs(name)
    for name in ("c", "b", "a"):  # in another order
        shutil.copytree(f"runs/{name}", f"copy/runs/{name}")
    monkeypatch.chdir("copy")
    assert find_run(None) == Path("runs/b")


def test_of_a_run_and_its_copy_the_run_itself_is_taken(runs):
    folder = runs("m")
    for name in ("a copy", "z copy"):
        shutil.copytree(folder, f"runs/{name}")
    assert find_run(None) == Path("runs/m")


def test_a_run_can_be_made_the_newest(runs):
    runs("first")
    runs("second")
    before = read_config(Path("runs/first"))
    make_newest(Path("runs/first"))
    assert find_run(None) == Path("runs/first")
    assert read_config(Path("runs/first"))["run"]["id"] == before["run"]["id"]


@pytest.mark.parametrize(
    "content", [None, b"", b'{"epochs": 1, "ba', b"[1]", b"\xff\xfe", b"{" * 10**5]
)
def test_a_lost_or_torn_config_json_is_restored_from_a_checkpoint(runs, capsys, content):
    folder = runs("one")
    before = (folder / "config.json").read_bytes()
    (folder / "config.json").unlink()
    if content is not None:
        (folder / "config.json").write_bytes(content)
    assert find_run(None) == folder
    assert (folder / "config.json").read_bytes() == before
    assert "was lost or damaged: it is restored from last.pt" in capsys.readouterr().out


def test_a_new_training_does_not_take_the_place_of_checkpoints_without_config_json(runs):
    folder = runs("one")
    (folder / "config.json").write_bytes(b"")
    with pytest.raises(UserError, match="holds a run: add --resume"):
        runs("one")
    assert (folder / "last.pt").exists()


def test_a_run_of_which_nothing_can_be_read_is_named_and_does_not_hide_the_others(runs):
    runs("whole")
    broken = runs("broken")
    for path in broken.iterdir():
        path.write_bytes(b"nonsense")
    assert find_run(None) == Path("runs/whole")
    with pytest.raises(
        UserError, match=r"config\.json is lost or damaged, and .*best.* is no help"
    ):
        find_run("runs/broken")


@pytest.mark.parametrize("content", [b"", b"{"])
def test_a_folder_with_half_a_config_json_alone_is_no_run(runs, content):
    folder = Path("runs/one")
    folder.mkdir(parents=True)
    (folder / "config.json").write_bytes(content)
    with pytest.raises(UserError, match=r"no run in runs: "):
        find_run(None)
    with pytest.raises(UserError, match="no run in"):
        find_run(str(folder))
    assert runs("one") == folder  # so a training can begin in it


@pytest.mark.parametrize("identity", [None, [], {"began": 5}, {"began": "yesterday"}, {"id": "x"}])
def test_an_identity_that_makes_no_sense_counts_as_none(runs, identity):
    folder = runs("old")
    content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(content | {"run": identity}), encoding="utf-8")
    runs("new")
    assert find_run(None) == Path("runs/new")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("name", ["config.json", "last.pt", "best.pt"])
def test_a_link_or_a_pipe_in_a_run_is_not_followed_nor_waited_for(runs, tmp_path, name, command):
    folder = runs("one")
    (folder / name).replace(tmp_path / "elsewhere")
    content = (tmp_path / "elsewhere").read_bytes()
    (folder / name).symlink_to(tmp_path / "elsewhere")
    answers = [command("--resume", "--run-dir", folder)]
    assert (tmp_path / "elsewhere").read_bytes() == content
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    answers.append(command("--resume", "--run-dir", folder))
    for answer in answers:  # the first may have put it right
        assert answer.returncode in (0, 2), answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_run_is_found_in_whichever_form_of_unicode_its_folder_is_typed(runs, tmp_path):
    folder = tmp_path / normalize("NFD", "실험")
    shutil.copytree(runs("one"), folder)
    assert find_run(str(tmp_path / normalize("NFC", "실험"))).samefile(folder)


def test_a_training_that_torchrun_starts_again_goes_on_with_its_own_run(runs):
    # The first time process 1 dies, after another run has begun meanwhile.
    program = Path("dies_once.py")
    program.write_text(DIES_ONCE, encoding="utf-8")
    words = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    words += ["--max-restarts", "1", "--standalone"]
    words += [str(program), "--device", "cpu", "--save-every", "1"]
    environment = os.environ | {"TOY": str(Path(toy.__file__).parent), "OMP_NUM_THREADS": "1"}
    answer = subprocess.run(
        words, capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert answer.returncode == 0, answer.stderr
    other = Path("runs/other")
    [own] = [folder for folder in Path("runs").iterdir() if folder != other]
    assert "going on after" in answer.stdout
    assert (own / "curves.png").exists()
    assert read_config(own)["epochs"] == 2
    assert [path.name for path in other.iterdir()] == ["config.json"]


DIES_ONCE = """
import json, os, signal, sys
from pathlib import Path
sys.path[:0] = [os.environ["TOY"], str(Path(os.environ["TOY"]).parents[1])]
import engine.run, toy
from engine.processes import RANK, joined
from engine.settings import one_line_errors, parse_config

def save_or_stop(self):
    usual(self)
    first = os.environ["TORCHELASTIC_RESTART_COUNT"] == "0"
    if RANK == 1 and first and self.progress.step == 5:
        other = Path("runs/other")
        other.mkdir()
        began = {"id": "x", "began": "2999-01-01T00:00:00+00:00", "name": "other"}
        (other / "config.json").write_text(json.dumps({"epochs": 7, "run": began}))
        os.kill(os.getpid(), signal.SIGKILL)

usual = engine.run.Run.save_or_stop
engine.run.Run.save_or_stop = save_or_stop
if __name__ == "__main__":
    config = parse_config(toy.Config)
    with one_line_errors(), joined(config):
        toy.train(config)
"""
