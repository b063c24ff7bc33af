"""Names in one form of Unicode, and files found in either."""

from unicodedata import normalize

import pytest

from engine.names import as_on_disk, composed

NAMES = ["한글", "Größe", "café", "ñandú", "がぎぐ", "Ångström", "한글 café"]


@pytest.mark.parametrize("name", NAMES)
def test_what_looks_the_same_is_the_same(name):
    assert normalize("NFD", name) != normalize("NFC", name)
    assert composed(normalize("NFD", name)) == composed(normalize("NFC", name)) == name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("on_disk", "typed"), [("NFD", "NFC"), ("NFC", "NFD"), ("NFD", "NFD")])
def test_a_file_is_found_in_whichever_form_its_name_and_its_folder_are_typed(
    tmp_path, name, on_disk, typed
):
    path = tmp_path / normalize(on_disk, name) / normalize(on_disk, f"{name}.csv")
    path.parent.mkdir()
    path.write_text("a", encoding="utf-8")
    found = as_on_disk(str(tmp_path / normalize(typed, name) / normalize(typed, f"{name}.csv")))
    assert found.samefile(path)


def test_a_path_that_is_nowhere_stays_as_it_was_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    typed = normalize("NFD", "한글")
    assert str(as_on_disk(typed)) == typed
    assert as_on_disk("nowhere/a/../b").name == "b"
    assert as_on_disk(".").samefile(tmp_path)
