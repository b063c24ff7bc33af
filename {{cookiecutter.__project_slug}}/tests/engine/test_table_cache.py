"""Large tables are read once."""

import os
import sys
from pathlib import Path

import pytest

from engine import table_cache
from engine.settings import UserError
from engine.table import read_columns
from engine.table_cache import load_columns, read_cached, save_columns


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A table that counts as a large one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(table_cache, "SMALLEST", 0)
    path = tmp_path / "table.csv"
    path.write_text("이름,a\n" + "가,1\nb,\n가,2\n" * 200, encoding="utf-8")
    return path


def kept(path):
    return list((path.parent / "runs" / "cache").glob("*"))


def as_lists(columns):
    return {name: list(column) for name, column in columns.items()}


def test_the_second_time_a_table_comes_out_of_the_cache(path, monkeypatch):
    first = read_cached(path, None)
    assert as_lists(first) == as_lists(read_columns(path))
    assert len(kept(path)) == 1
    monkeypatch.setattr(table_cache, "read_columns", None)  # it is not read again
    second = read_cached(path, None)
    assert as_lists(second) == as_lists(first)
    assert second["이름"].fingerprint() == first["이름"].fingerprint()


def test_another_content_and_another_encoding_are_read_anew(path):
    read_cached(path, None)
    read_cached(path, "utf-8")
    path.write_text("이름,a\n" + "나,1\nb,\n가,2\n" * 200, encoding="utf-8")  # of the same size
    assert read_cached(path, None)["이름"][0] == "나"
    assert len(kept(path)) == 3


@pytest.mark.parametrize("change", [lambda c: c[:-1], lambda c: c[:50], lambda c: b"", "flip"])
def test_a_damaged_file_is_not_believed(path, change, capsys):
    expected = as_lists(read_cached(path, None))
    (file,) = kept(path)
    content = bytearray(file.read_bytes())
    if change == "flip":
        content[len(content) // 2] ^= 1
    else:
        content = change(content)
    file.write_bytes(content)
    assert as_lists(read_cached(path, None)) == expected
    assert "is damaged: it is made anew" in capsys.readouterr().out
    assert as_lists(read_cached(path, None)) == expected
    assert capsys.readouterr().out == ""  # it is whole again


def test_a_table_that_cannot_be_kept_is_read_all_the_same(path):
    (path.parent / "runs").write_text("", encoding="utf-8")
    assert read_cached(path, None)["a"][0] == "1"


def test_small_tables_leave_nothing_behind(path, monkeypatch):
    monkeypatch.setattr(table_cache, "SMALLEST", 10**6)
    read_cached(path, None)
    assert not (path.parent / "runs").exists()


def test_a_table_without_columns_comes_back():
    assert as_lists(load_columns(save_columns({}))) == {}


def test_a_table_that_changes_while_it_is_read_is_refused(path, monkeypatch):
    def read_slowly(path, encoding):
        columns = read_columns(path, encoding)
        path.write_text("이름,a\n나,2\n" * 2, encoding="utf-8")
        return columns

    monkeypatch.setattr(table_cache, "read_columns", read_slowly)
    with pytest.raises(UserError, match="has changed while it was read: start again"):
        read_cached(path, None)
    assert kept(path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".xlsx", ".parquet", ""])
def test_a_pipe_a_device_or_a_folder_is_no_table_and_is_not_waited_for(path, suffix):
    pipe = path.with_name(f"pipe{suffix}")
    os.mkfifo(pipe)
    link = path.with_name(f"link{suffix}")
    link.symlink_to(pipe)
    loop = path.with_name(f"loop{suffix}")
    loop.symlink_to(loop)
    for place in (pipe, link, loop, Path(os.devnull), Path("/dev/zero"), path.parent):
        with pytest.raises(UserError, match=f"{place} is no file: a table is needed"):
            read_cached(place, None)


def test_what_a_killed_training_left_is_removed_whatever_the_table(path, monkeypatch):
    read_cached(path, None)
    left = path.parent / "runs" / "cache" / "0123456789abcdef.table.12ab.partial"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))  # Windows asks for its age
    monkeypatch.setattr(table_cache, "SMALLEST", 10**6)
    read_cached(path, None)
    assert len(kept(path)) == 1
