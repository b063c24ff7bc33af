"""Large tables are read once."""

import pytest

from engine import table_cache
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
def test_a_damaged_file_is_not_believed(path, change):
    expected = as_lists(read_cached(path, None))
    (file,) = kept(path)
    content = bytearray(file.read_bytes())
    if change == "flip":
        content[len(content) // 2] ^= 1
    else:
        content = change(content)
    file.write_bytes(content)
    assert as_lists(read_cached(path, None)) == expected
    assert load_columns(file.read_bytes())["a"][0] == "1"  # it is whole again


def test_a_table_that_cannot_be_kept_is_read_all_the_same(path):
    (path.parent / "runs").write_text("", encoding="utf-8")
    assert read_cached(path, None)["a"][0] == "1"


def test_small_tables_leave_nothing_behind(path, monkeypatch):
    monkeypatch.setattr(table_cache, "SMALLEST", 10**6)
    read_cached(path, None)
    assert not (path.parent / "runs").exists()


def test_what_is_no_table_of_ours_is_refused():
    with pytest.raises(ValueError, match="damaged"):
        load_columns(b"x" * 100)
    assert as_lists(load_columns(save_columns({}))) == {}
