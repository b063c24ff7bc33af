"""python -m tools.doctor --clean: what it removes, and what it never touches."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cache_file import CACHE, load_cached, new_cached
from tools import doctor
from tools.leftovers import describe_cache, remove_leftovers

KEPT = CACHE / "0123456789abcdef.uint8"
HOLD = """
import sys, time
from pathlib import Path
from engine.whole_files import write_whole
def write(file):
    file.write(b"half")
    file.flush()
    print("at work", flush=True)
    time.sleep(60)
write_whole(Path(sys.argv[1]), write)
"""


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def keep(path=KEPT, size=1_000_000):
    with new_cached(path) as file:
        file.write(bytes(size))


def files():
    """Return all files, links and the like in runs/."""
    return {path.relative_to("runs").as_posix() for path in Path("runs").rglob("*")}


def old(path, content=b"half"):
    """Make a file that nobody has written to for long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (0, 0))


def test_the_doctor_says_how_much_is_kept(capsys):
    assert describe_cache() == "runs/cache: nothing is kept there"
    keep()
    keep(KEPT.with_suffix(".table"), 20_000_000)
    Path("runs/cache/notes.txt").write_text("mine", encoding="utf-8")
    expected = "runs/cache: 21 MB in 2 files; python -m tools.doctor --clean removes"
    assert describe_cache().startswith(expected)
    doctor.main()
    assert expected in capsys.readouterr().out


def test_what_is_kept_and_what_is_half_done_goes_and_nothing_else(capsys):
    keep()
    old(CACHE / "0123456789abcdef.table.12ab.partial")
    old(CACHE / "0123456789abcdef.float32.4321")  # of an earlier version
    old(Path("runs/one/last.pt.partial"), bytes(2_000_000))
    old(Path("runs/study/trial/metrics.csv.partial"))
    mine = ["cache/notes.txt", "cache/0123.uint8", "one/last.pt", "one/partial", "one/a.partial.b"]
    for name in mine:
        old(Path("runs", name))
    old(Path("data.partial"))
    doctor.main(clean=True)
    assert {name for name in files() if Path("runs", name).is_file()} == set(mine)
    assert Path("data.partial").exists()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "removed: runs/cache/0123456789abcdef.float32.4321 (0.0 MB)"
    assert "removed: runs/one/last.pt.partial (2.0 MB)" in said
    assert said[-1] == "removed 5 files, 3.0 MB"
    remove_leftovers()
    assert capsys.readouterr().out == "nothing was removed\n"


def test_without_runs_there_is_nothing_to_remove(capsys):
    remove_leftovers()
    assert capsys.readouterr().out == "nothing was removed\n"
    assert not Path("runs").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no links without rights, no pipes")
def test_no_link_is_followed_and_no_pipe_is_opened(tmp_path, capsys):
    outside = tmp_path / "outside"
    old(outside / KEPT.name)
    old(outside / "last.pt.partial")
    Path("runs").mkdir()
    Path("runs/cache").symlink_to(outside)
    Path("runs/linked").symlink_to(outside)
    Path("runs/one").mkdir()
    Path("runs/one/a.partial").symlink_to(outside / "last.pt.partial")
    os.mkfifo("runs/one/b.partial")
    Path("runs/one/c.partial").mkdir()
    before = files()
    remove_leftovers()
    assert files() == before
    assert len(list(outside.iterdir())) == 2
    Path("runs/cache").unlink()
    CACHE.mkdir()
    KEPT.symlink_to(outside / KEPT.name)
    os.mkfifo(KEPT.with_suffix(".table"))
    remove_leftovers()
    assert len(list(CACHE.iterdir())) == 2
    assert len(list(outside.iterdir())) == 2
    said = capsys.readouterr().out
    assert said.startswith("left alone: runs/cache, which is a link to another folder\n")
    assert said.endswith("nothing was removed\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a lock tells, which Windows does without")
def test_what_a_training_uses_or_writes_stays_until_it_ends(capsys):
    keep()
    content = load_cached(KEPT)
    Path("runs/one").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", HOLD, "runs/one/last.pt"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"at work\n"
        [partial] = Path("runs/one").glob("last.pt.*.partial")
        remove_leftovers()
        assert KEPT.exists()
        assert partial.exists()
        said = capsys.readouterr().out
        assert f"left alone: {KEPT} (1.0 MB), which may be in use" in said
        assert said.endswith("nothing was removed\n")
        writer.kill()
    del content
    remove_leftovers()
    assert not KEPT.exists()
    assert not partial.exists()


def test_help_of_the_doctor_names_it_and_it_needs_no_data(command):
    assert "--clean" in command("doctor", "--help").stdout
    began = time.monotonic()
    answer = command("doctor", "--clean")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "nothing was removed\n"
    assert time.monotonic() - began < 30
