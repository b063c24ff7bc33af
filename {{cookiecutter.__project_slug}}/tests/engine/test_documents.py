"""Texts to learn a language from: how they are read out of files, and split."""

import os
import re
import sys
import tracemalloc
from collections import Counter

import pytest
import torch

from engine.documents import (
    AT_ONCE,
    BETWEEN,
    MANY,
    Texts,
    count_characters,
    deal,
    fingerprint_of,
    number_characters,
    read_as,
    read_documents,
    split_documents,
)
from engine.settings import UserError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u1112\u1161\u11ab", "한"),
        ("a  \n\tb \t\n", "a\n\tb"),
        ("\n\n a\n\n\nb\n\n", " a\n\n\nb"),
        (" \n \r\n", ""),
    ],
)
def test_a_text_is_read_alike_from_every_system(text, expected):
    assert read_as(text) == expected
    assert read_as(expected) == expected


def test_files_of_a_folder_are_read_in_the_order_of_their_names(tmp_path):
    for name in ("b.txt", "a.md", "deep/c.TXT", ".hidden.txt", "photo.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"this is {name}\n", encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "empty.txt").touch()
    found = read_documents(tmp_path, None)
    assert found == ["this is a.md", "this is b.txt", "this is deep/c.TXT"]


def test_a_text_that_is_there_twice_is_read_once(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"the same\r\n" if name == "a.txt" else b"the same")
    assert read_documents(tmp_path, None) == ["the same"]


def test_a_file_may_be_called_anything(tmp_path):
    (tmp_path / "no ending").write_text("한글", encoding="cp949")
    assert read_documents(tmp_path / "no ending", None) == ["한글"]
    assert read_documents(tmp_path / "no ending", "cp949") == ["한글"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.txt", None, "missing.txt is not there: name a text file, or a folder of them"),
        ("empty.txt", b"", "empty.txt holds no text"),
        ("blank.txt", b"\xef\xbb\xbf \r\n \t", "blank.txt holds no text"),
        ("random.txt", b"\xff\x00\x80" * 50, "random.txt is no text in UTF-8 or cp949"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(9), "photo.txt is no text"),
    ],
)
def test_what_is_no_text_is_named_in_one_line(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError) as error:
        read_documents(tmp_path / name, None)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_without_texts_is_named(tmp_path):
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    with pytest.raises(UserError, match=r"has no text files: their names end in \.txt \.md"):
        read_documents(tmp_path, None)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes of this kind")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (tmp_path / "pipe.txt", tmp_path):
        with pytest.raises(UserError, match=r"is not there|has no text files"):
            read_documents(path, None)


def test_one_document_is_cut_and_nothing_is_lost():
    text = "".join(f"{number:03}" for number in range(200))
    texts, (note,) = split_documents([text], context=16)
    assert "".join(texts) == text
    assert [len(part) for part in texts] == [480, 60, 60]
    assert note.startswith("data: 1 document, 480 / 60 / 60 characters to train / validate / test")


def test_of_few_documents_each_one_is_cut():
    documents = [letter * 100 for letter in "abc"]
    texts, _ = split_documents(documents, context=16)
    assert texts.train == BETWEEN.join(letter * 80 for letter in "abc")
    assert texts.val == texts.test == BETWEEN.join(letter * 10 for letter in "abc")


def test_many_documents_stay_whole_and_none_is_lost():
    documents = [f"document {number} " * (1 + number % 9) for number in range(MANY)]
    texts, (note,) = split_documents(documents, context=16)
    found = [part.split(BETWEEN) for part in texts]
    assert sorted(document for part in found for document in part) == sorted(documents)
    assert f"data: {MANY} documents, " in note
    assert note.endswith("(whole documents)")
    assert split_documents(documents, context=16)[0] == texts


def test_whole_documents_are_dealt_by_their_characters():
    documents = ["x" * (4000 if number % 5 == 1 else 40) for number in range(50)]
    sizes = [sum(map(len, part)) for part in deal(documents)]
    assert [size / sum(sizes) for size in sizes] == pytest.approx([0.8, 0.1, 0.1], abs=0.02)


@pytest.mark.parametrize("documents", [["x" * 160], ["x"], ["x"] * MANY])
def test_a_text_that_has_no_window_for_each_part_is_refused(documents):
    with pytest.raises(UserError, match=r"characters is too short: .* more than --context 16"):
        split_documents(documents, context=16)


@pytest.mark.parametrize("context", [2, 16, 128, 500])
def test_as_many_characters_as_a_text_needs_at_least_are_named_and_are_enough(context):
    with pytest.raises(UserError) as error:
        split_documents(["x"], context)
    (needed,) = re.findall(r"a text of ([\d,]+) characters or more", str(error.value))
    enough = int(needed.replace(",", ""))
    split_documents(["x" * enough], context)
    with pytest.raises(UserError, match=f"take a text of {needed} characters or more, or a small"):
        split_documents(["x" * (enough - 10)], context)


def test_the_fingerprint_is_another_one_for_other_parts():
    marks = [
        fingerprint_of(Texts(*parts))
        for parts in (
            ("ab", "c", "d"),
            ("a", "bc", "d"),
            ("ab", "d", "c"),
            ("ab", "c", "\ud800"),
        )
    ]
    assert len(set(marks)) == 4
    assert fingerprint_of(Texts("ab", "c", "d")) == marks[0]


LETTERS = [
    "ab\n",
    "가나다",
    "🙂\U0010ffff",
    "\ud800",
    "e\u0301",
]  # half a letter, too


def test_characters_are_counted_in_the_order_of_unicode():
    text = "".join(LETTERS) + "a"
    assert count_characters(text) == Counter(text)
    assert [*count_characters(text)] == sorted(set(text))
    assert count_characters("") == {}


@pytest.mark.parametrize("at_once", [1, 4, 1000])
def test_a_character_becomes_its_place_however_much_is_numbered_at_once(at_once, monkeypatch):
    monkeypatch.setattr("engine.documents.AT_ONCE", at_once)
    text = "".join(LETTERS)
    known = text[::-2]
    numbers = number_characters(text, known)
    assert numbers.dtype == torch.int32
    assert numbers.tolist() == [max(0, known.find(character)) for character in text]
    assert count_characters(text) == Counter(text)
    assert number_characters("", known).tolist() == []


def test_numbering_a_long_text_takes_little_memory_beside_the_numbers():
    text = "some words " * (AT_ONCE // 2)
    tracemalloc.start()
    numbers = number_characters(text, " abcdemorsw")
    count_characters(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 4 * len(text)
    assert len(numbers) == len(text)
