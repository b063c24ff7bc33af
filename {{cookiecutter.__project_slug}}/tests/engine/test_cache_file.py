"""Files in runs/cache: what is read is what was written, and killed trainings leave nothing."""

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from engine import cache_file, file_locks
from engine.cache_file import CACHE, load_cached, new_cached, remove_unfinished, say_size
from engine.digests import digest_of_many
from engine.file_locks import remove_unless_used

PATH = CACHE / "0123456789abcdef.uint8"
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody remove an open file")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def keep(content, path=PATH):
    with new_cached(path) as file:
        file.write(content)


def load(path=PATH):
    content = load_cached(path)
    return None if content is None else content.tobytes()


def flip(path, bit):
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def test_what_is_read_is_what_was_written(capsys):
    assert load() is None
    for content in (b"some bytes", b"", bytes(3 * 2**20)):
        keep(content)
        assert load() == content
    assert [path.name for path in CACHE.iterdir()] == [PATH.name]
    assert capsys.readouterr().out == ""


def test_every_flipped_bit_is_found_and_told(capsys):
    keep(b"some bytes")
    bits = 8 * PATH.stat().st_size
    assert bits > 8 * len(b"some bytes")
    for bit in range(bits):
        flip(PATH, bit)
        assert load() is None
        assert capsys.readouterr().out == f"note: {PATH} is damaged: it is made anew\n"
        flip(PATH, bit)
    assert load() == b"some bytes"


def test_a_file_that_finds_no_room_in_memory_is_not_made_anew(monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    keep(b"some bytes")
    monkeypatch.setattr("engine.cache_file.np.memmap", refuse)
    with pytest.raises(MemoryError):
        load()


@pytest.mark.parametrize("waiting", [2, 16])
def test_a_flipped_bit_is_found_in_each_block(waiting, monkeypatch):
    monkeypatch.setattr("engine.digests.AT_ONCE", 7)
    monkeypatch.setattr("engine.digests.WAITING", waiting)
    keep(bytes(100))
    for byte in range(100):
        flip(PATH, 8 * byte)
        assert load() is None
        flip(PATH, 8 * byte)
    assert load() == bytes(100)


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 25])
def test_a_file_that_was_cut_is_found(length):
    keep(b"some bytes")
    whole = PATH.read_bytes()
    assert length < len(whole)
    PATH.write_bytes(whole[:length])
    assert load() is None


def test_a_whole_file_with_the_name_of_another_one_is_found():
    other = PATH.with_name("fedcba9876543210.uint8")
    keep(b"other bytes", other)
    other.rename(PATH)
    assert load() is None


@POSIX
@pytest.mark.parametrize("kind", ["link", "link to nothing", "loop", "pipe", "folder"])
def test_links_and_special_files_are_neither_followed_nor_waited_for(kind, tmp_path, capsys):
    keep(b"some bytes")
    victim = tmp_path / "victim"
    PATH.rename(victim)
    if kind == "link":
        PATH.symlink_to(victim)
    elif kind == "link to nothing":
        PATH.symlink_to(tmp_path / "nothing")
    elif kind == "loop":
        PATH.symlink_to(PATH)
    elif kind == "pipe":
        os.mkfifo(PATH)
    else:
        PATH.mkdir()
    before = victim.read_bytes()
    assert load() is None
    assert len(capsys.readouterr().out.splitlines()) == 1
    if kind == "folder":
        with pytest.raises(Exception, match="is a folder where a file belongs: remove it"):
            keep(b"new bytes")
    else:
        keep(b"new bytes")
        assert load() == b"new bytes"
    assert victim.read_bytes() == before
    assert not (tmp_path / "nothing").exists()


def test_a_failure_leaves_nothing_behind():
    def fail():
        raise OSError(errno.ENOSPC, "no space")

    with pytest.raises(OSError, match="no space"), new_cached(PATH) as file:
        file.write(b"half")
        fail()
    assert not Path("runs").exists()


WRITE = """
import sys, time
from pathlib import Path
from engine.cache_file import new_cached
with new_cached(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("at work", flush=True)
    time.sleep(60)
"""
READ = """
import sys, time
from pathlib import Path
from engine.cache_file import load_cached
content = load_cached(Path(sys.argv[1]))
print("at work", flush=True)
time.sleep(60)
"""


@pytest.fixture
def at_work():
    """Return a function that starts a process which uses PATH until it is killed."""
    begun = []
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def start(program):
        command = [sys.executable, "-c", program, str(PATH)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        begun.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"at work")
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate(timeout=60)


def end(process):
    process.kill()
    process.wait(timeout=60)


@POSIX
def test_what_a_killed_training_left_is_removed_at_once_and_what_others_write_is_not(at_work):
    killed = at_work(WRITE)
    other = at_work(WRITE)
    assert len(list(CACHE.iterdir())) == 2
    remove_unfinished()
    assert len(list(CACHE.iterdir())) == 2
    end(killed)
    remove_unfinished()
    assert len(list(CACHE.iterdir())) == 1
    end(other)
    remove_unfinished()
    assert list(CACHE.iterdir()) == []


@POSIX
def test_a_file_stays_as_long_as_a_process_has_it_mapped(at_work):
    keep(b"some bytes")
    reader = at_work(READ)
    assert not remove_unless_used(PATH)
    assert load() == b"some bytes"
    end(reader)
    content = load_cached(PATH)
    assert not remove_unless_used(PATH)  # this process maps it
    del content
    assert remove_unless_used(PATH)
    assert not PATH.exists()


def test_two_trainings_may_write_the_same_file_at_the_same_time():
    ready = threading.Barrier(2, timeout=30)

    def write():
        with new_cached(PATH) as file:
            file.write(b"some ")
            ready.wait(timeout=60)
            remove_unfinished()
            file.write(b"bytes")

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert load() == b"some bytes"
    assert list(CACHE.iterdir()) == [PATH]


@POSIX
def test_on_a_disk_without_locks_all_works_and_age_tells_what_is_left_behind(monkeypatch):
    def no_locks(descriptor, kind):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(file_locks.fcntl, "flock", no_locks)
    keep(b"some bytes")
    assert load() == b"some bytes"
    assert not remove_unless_used(PATH)  # nobody knows
    fresh = PATH.with_name(f"{PATH.name}.1234.partial")
    left = PATH.with_name(f"{PATH.name}.abcd.partial")
    for path in (fresh, left):
        path.write_bytes(b"half")
    long_ago = time.time() - 2 * file_locks.ABANDONED
    os.utime(left, (long_ago, long_ago))
    remove_unfinished()
    assert (fresh.exists(), left.exists(), PATH.exists()) == (True, False, True)


@POSIX
def test_links_and_pipes_that_are_called_unfinished_stay_and_are_not_opened(tmp_path):
    CACHE.mkdir(parents=True)
    victim = tmp_path / "victim.partial"
    victim.write_bytes(b"mine")
    (CACHE / "a.partial").symlink_to(victim)
    os.mkfifo(CACHE / "b.partial")
    (CACHE / "c.partial").mkdir()
    remove_unfinished()
    assert len(list(CACHE.iterdir())) == 3
    assert victim.read_bytes() == b"mine"


@pytest.mark.parametrize("has_tools", [True, False])
def test_a_large_file_is_told_with_what_removes_it(has_tools, monkeypatch, capsys, tmp_path):
    doctor = tmp_path / "doctor.py"
    if has_tools:
        doctor.write_text("", encoding="utf-8")
    monkeypatch.setattr(cache_file, "DOCTOR", doctor)
    keep(b"few")
    say_size(PATH, "pictures")
    assert capsys.readouterr().out == ""
    keep(bytes(12_300_000))
    say_size(PATH, "pictures")
    advice = "that folder may be deleted at any time"
    if has_tools:
        advice = "python -m tools.doctor --clean removes it"
    assert capsys.readouterr().out == f"pictures are kept in runs/cache (12 MB; {advice})\n"


def test_a_digest_differs_where_contents_do():
    digests = set()
    for length in range(50):
        for value in (0, 1):
            digests.add(digest_of_many(np.full(length, value, np.uint8)))
    assert len(digests) == 99  # both of length 0 are the same
