"""Files that are whole or as they were before."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import whole_files
from engine.settings import UserError
from engine.whole_files import (
    make_folder,
    open_regular,
    read_text,
    sync_folder,
    write_text_whole,
    write_whole,
)

needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files or calls")


def test_a_text_comes_back_to_the_letter(tmp_path):
    write_text_whole(tmp_path / "a.txt", "한글\r\nline\n")
    assert read_text(tmp_path / "a.txt") == "한글\r\nline\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    write_text_whole(path, "before")

    def fail(file):
        file.write(b"half of")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError):
        write_whole(path, fail)
    assert read_text(path) == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


@needs_posix
def test_what_a_killed_program_has_left_goes_and_what_is_being_written_stays(tmp_path):
    (tmp_path / "a.txt.12ab.partial").write_text("left", encoding="utf-8")
    (tmp_path / "b.txt.12ab.partial").write_text("of another", encoding="utf-8")

    def write(file):
        file.write(b"slowly")
        write_text_whole(tmp_path / "a.txt", "fast")

    write_whole(tmp_path / "a.txt", write)
    assert read_text(tmp_path / "a.txt") == "slowly"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt.12ab.partial"]


def test_several_programs_can_write_the_same_file(tmp_path):
    path = tmp_path / "a.txt"
    texts = [f"{number}" * 10_000 for number in range(4)]

    def write_often(text):
        for _ in range(50):
            write_text_whole(path, text)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_often, texts))
    assert read_text(path) in texts
    assert list(tmp_path.iterdir()) == [path]


@needs_posix
@pytest.mark.parametrize("name", ["a.txt", "a.txt.12ab.partial"])
def test_a_link_in_its_place_is_replaced_and_what_it_points_to_stays(tmp_path, name):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine", encoding="utf-8")
    (tmp_path / name).symlink_to(elsewhere)
    write_text_whole(tmp_path / "a.txt", "new")
    assert elsewhere.read_text(encoding="utf-8") == "mine"
    assert read_text(tmp_path / "a.txt") == "new"


@needs_posix
def test_links_folders_and_pipes_are_refused_and_not_waited_for(tmp_path):
    (tmp_path / "plain").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "plain")
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, kind in {
        "link": "a link",
        "dangling": "a link",
        "folder": "a folder",
        "pipe": "a pipe",
    }.items():
        with pytest.raises(UserError, match=f"{name} is {kind}"):
            open_regular(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "nothing")


@needs_posix
def test_a_folder_that_is_a_link_is_not_written_into(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "examples").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="examples"):
        make_folder(tmp_path / "examples")
    make_folder(tmp_path / "elsewhere")  # a folder that is there already is fine


@needs_posix
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF])
def test_a_disk_that_cannot_sync_a_folder_is_written_to_all_the_same(tmp_path, monkeypatch, number):
    fail_on_folders(monkeypatch, number)
    write_text_whole(tmp_path / "a.txt", "new")
    assert read_text(tmp_path / "a.txt") == "new"


@needs_posix
def test_a_disk_that_fails_when_it_syncs_a_folder_is_an_error(tmp_path, monkeypatch):
    fail_on_folders(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        sync_folder(tmp_path)


def fail_on_folders(monkeypatch, number: int) -> None:
    """Let fsync fail for folders, as some disks do."""
    usual = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        usual(descriptor)

    monkeypatch.setattr(whole_files.os, "fsync", fsync)
