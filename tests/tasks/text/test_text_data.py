"""The texts: languages, files of the user, batches."""

import json
from dataclasses import replace

import pytest
import torch

from commands.settings import UserError
from config import Config
from data import Texts, load_splits, save_examples, show_examples

SOME = ["a", "Hallo Welt", "한국어 문장입니다", "🔥 (fire)", "\ud800 is half a letter"]


@pytest.fixture(scope="module")
def splits():
    return load_splits(Config())


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Write rows of text and label as CSV, in an empty folder, and return how to read them."""
    monkeypatch.chdir(tmp_path)

    def write(rows, header="text,label", **settings):
        lines = [header, *(f'"{text}",{label}' for text, label in rows)]
        (tmp_path / "my.csv").write_text("\n".join(lines), encoding="utf-8")
        return replace(Config(data="my.csv"), **settings)

    return write


def both(count=6):
    return [(f"good {number}", "yes") for number in range(count)] + [
        (f"나쁜 {number}", "no") for number in range(count)
    ]


def read_back(characters):
    return ["".join(map(chr, row[row > 0])) for row in characters]


def test_a_batch_is_characters_up_to_the_longest_text_and_labels():
    texts = Texts(SOME[:4], torch.arange(4), 100)
    characters, labels = texts[torch.tensor([2, 0, 3])]
    assert (characters.shape, characters.dtype) == ((3, 9), torch.int64)
    assert labels.tolist() == [2, 0, 3]
    assert read_back(characters) == [SOME[2], SOME[0], SOME[3]]


def test_a_text_is_read_up_to_its_longest_length():
    characters, _ = Texts(SOME, torch.zeros(5), 3)[torch.arange(5)]
    assert read_back(characters[:4]) == [text[:3] for text in SOME[:4]]


def test_a_character_that_means_padding_becomes_a_space():
    characters, _ = Texts(["a\0b"], torch.zeros(1), 100)[torch.tensor([0])]
    assert read_back(characters) == ["a b"]


def test_half_a_letter_is_no_error():
    characters, _ = Texts(SOME, torch.zeros(5), 100)[torch.tensor([4])]
    assert read_back(characters) == ["? is half a letter"]


def test_the_languages_are_those_of_the_readme(splits):
    assert {"korean", "english", "ukrainian"} <= set(splits["classes"])
    assert sum(len(splits[name]) for name in ("train", "val", "test")) > 10_000
    korean = splits["classes"].index("korean")
    train = splits["train"]
    texts = [train.texts[row] for row in range(len(train)) if train.tensors[-1][row] == korean]
    assert sum(any("가" <= letter <= "힣" for letter in text) for text in texts) > 0.9 * len(texts)


def test_no_text_is_in_two_splits(splits):
    parts = [set(splits[name].texts) for name in ("train", "val", "test")]
    assert len(set.union(*parts)) == sum(map(len, parts))


def test_the_seed_of_a_training_does_not_change_the_split(splits):
    assert load_splits(Config(seed=7))["test"].texts == splits["test"].texts


def test_a_file_of_the_user_is_read(table):
    splits = load_splits(table(both()))
    assert splits["classes"] == ["no", "yes"]
    assert [len(splits[name]) for name in ("train", "val", "test")] == [8, 2, 2]
    for name in ("train", "val", "test"):
        labels = splits[name].tensors[-1].tolist()
        assert ["good" in text for text in splits[name].texts] == [label == 1 for label in labels]


def test_json_lines_are_read_too(table, tmp_path):
    rows = [json.dumps({"label": label, "text": text}) for text, label in both()]
    (tmp_path / "my.jsonl").write_text("\n".join(rows), encoding="utf-8")
    mine, theirs = load_splits(Config(data="my.jsonl")), load_splits(table(both()))
    assert mine["train"].texts == theirs["train"].texts
    assert mine["fingerprint"] == theirs["fingerprint"]


def test_the_columns_may_have_other_names(table):
    config = table(both(), "문장,stars", text_column="문장", label_column="stars")
    assert load_splits(config)["classes"] == ["no", "yes"]


def test_empty_and_repeated_rows_are_left_out_and_counted(table):
    rows = [*both(), ("", "yes"), ("good 1", "yes"), ("no label", ""), ("  ", "no")]
    splits = load_splits(table(rows))
    assert splits["notes"][-1] == "left out: 4 rows, empty or with a text that recurs"
    assert sum(len(splits[name]) for name in ("train", "val", "test")) == 12


@pytest.mark.parametrize(
    ("rows", "settings", "message"),
    [
        (both(), {"text_column": "review"}, r"--text-column: .* 'review', but text"),
        (both(), {"label_column": "stars"}, r"--label-column: .* 'stars', but text, label"),
        ([("", "yes"), ("", "no")] * 9, {}, "my.csv has no row with both a text and a label"),
        ([("a", ""), ("b", "")], {}, "my.csv has no row with both a text and a label"),
        (both()[:6], {}, "my.csv has one class only, yes"),
        ([*both(), ("alone", "maybe")], {}, "class 'maybe' in my.csv has 1 examples"),
        ([], {}, "my.csv has no rows"),
        (both(), {"data": "other.csv"}, "other.csv is no file"),
    ],
)
def test_bad_data_are_named_in_one_line_before_anything_is_written(
    table, tmp_path, rows, settings, message
):
    config = table(rows, **settings)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match=message) as error:
        load_splits(config)
    assert "\n" not in str(error.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_texts_that_are_cut_are_counted(table):
    notes = load_splits(table([("x" * 50, "yes"), *both()], max_length=20))["notes"]
    assert notes == [
        "texts: 13, of 8 characters on average",
        "cut: 1 are longer than --max-length 20",
    ]


@pytest.mark.parametrize("row", [("good 0!", "yes"), ("good 0", "no")])
def test_changed_texts_or_labels_are_noticed(table, row):
    mark = load_splits(table(both()))["fingerprint"]
    assert load_splits(table(both()))["fingerprint"] == mark
    assert load_splits(table([row, *both()[1:]]))["fingerprint"] != mark


def test_a_few_texts_are_left_to_try_a_line_each(tmp_path):
    save_examples(Texts(["one\ntwo", "three"], torch.zeros(2), 100), {}, tmp_path)
    assert (tmp_path / "texts.txt").read_text(encoding="utf-8") == "one two\nthree\n"


def test_people_see_a_text_in_one_line():
    texts = Texts([*SOME, "one\n\ttwo  three"], torch.arange(6), 100)
    assert show_examples(texts, torch.tensor([5, 1]), {}) == {"text": ["one two three", SOME[1]]}
