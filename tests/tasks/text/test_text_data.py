"""The texts: languages, files of the user, batches."""

import json
from dataclasses import replace

import pytest
import torch

from config import Config
from data import Info, load_data, read_input, read_inputs
from engine.dataset import Sequences
from engine.evaluation import Answers
from engine.examples import save_examples, show_examples, to_text
from engine.loader import make_loader
from engine.mistakes import draw_mistakes
from engine.pieces import count_texts
from engine.plots import save_figure
from engine.settings import UserError

SOME = ["a", "Hallo Welt", "한국어 문장입니다", "🔥 (fire)", "\ud800 is half a letter"]
PARTS = ("train", "val", "test")


@pytest.fixture(scope="module")
def languages():
    return load_data(Config())


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
    good = [(f"good {number}", "yes") for number in range(count)]
    bad = [(f"나쁜 {number}", "no") for number in range(count)]
    return good + bad


INFO = Info(classes=["a", "b", "c", "d", "e"], max_length=100)


def make_texts(texts, info=INFO):
    """Return texts as a dataset, the number of each as its label."""
    return Sequences([read_input(text, info) for text in texts], torch.arange(len(texts)))


def batch_of(dataset):
    """Return all examples of a dataset as one batch."""
    return dataset.batch(torch.arange(len(dataset)))


def read_back(characters):
    return ["".join(chr(number) for number in row[row > 0]) for row in characters]


def texts_of(dataset):
    """Return the texts of a part of the data."""
    return [to_text(dataset[index][0]) for index in range(len(dataset))]


def sizes(data):
    return [len(getattr(data, part)) for part in PARTS]


def test_an_example_is_the_numbers_of_the_characters_and_the_class():
    characters, label = make_texts(SOME)[2]
    assert characters.tolist() == [ord(letter) for letter in SOME[2]]
    assert (characters.dtype, label) == (torch.int64, 2)


def test_a_batch_is_characters_up_to_the_longest_text_and_labels():
    characters, labels = batch_of(make_texts([SOME[2], SOME[0], SOME[3]]))
    assert (characters.shape, characters.dtype) == ((3, 9), torch.int64)
    assert (labels.tolist(), labels.dtype) == ([0, 1, 2], torch.int64)
    assert read_back(characters) == [SOME[2], SOME[0], SOME[3]]


def test_the_loader_puts_texts_of_like_length_together(languages):
    padding = [
        (characters == 0).double().mean().item()
        for characters, _ in make_loader(languages.train, 64, Config(), seed=0)
    ]
    assert sum(padding) / len(padding) < 0.1  # of texts at random it is a half


def test_a_text_is_read_up_to_its_longest_length():
    characters, _ = batch_of(make_texts(SOME, Info(classes=[], max_length=3)))
    assert read_back(characters) == [text[:3] for text in SOME]


def test_a_character_that_means_padding_becomes_a_space():
    assert read_input("a\0b", INFO).tolist() == [ord("a"), ord(" "), ord("b")]
    assert read_input("", INFO).tolist() == [ord(" ")]


def test_half_a_letter_is_no_error():
    characters, _ = batch_of(make_texts(SOME[4:]))
    assert read_back(characters) == SOME[4:]


def test_training_and_prediction_see_the_same(languages):
    sentence = to_text(languages.test[5][0])
    inputs = read_inputs((sentence,), languages.info)
    assert torch.equal(inputs.examples[0], languages.test[5][0])
    assert inputs.columns == {"text": inputs.names} == {"text": [sentence]}
    characters, _ = inputs.collate_fn([(inputs.examples[0], 0), (read_input("a", INFO), 0)])
    assert read_back(characters) == [sentence, "a"]


def test_the_languages_are_those_of_the_readme(languages):
    classes = languages.info.classes
    assert {"korean", "english", "ukrainian"} <= set(classes)
    assert sum(sizes(languages)) > 10_000
    train = languages.train
    rows = torch.nonzero(train.labels == classes.index("korean")).flatten().tolist()
    texts = [to_text(train[row][0]) for row in rows]
    with_hangul = [text for text in texts if any("가" <= letter <= "힣" for letter in text)]
    assert len(with_hangul) > 0.9 * len(texts)


def test_no_text_is_in_two_splits(languages):
    whole = load_data(Config(max_length=10_000))  # when cut, some are the same
    found = set()
    for part in PARTS:
        dataset = getattr(whole, part)
        found.update(tuple(dataset[index][0].tolist()) for index in range(len(dataset)))
    assert len(found) == sum(sizes(languages))


def test_the_seed_of_a_training_does_not_change_the_split(languages):
    assert texts_of(load_data(Config(seed=7)).test) == texts_of(languages.test)


def test_a_file_of_the_user_is_read(table):
    data = load_data(table(both()))
    assert data.info.classes == ["no", "yes"]
    assert sizes(data) == [8, 2, 2]
    for part in PARTS:
        dataset = getattr(data, part)
        for text, label in zip(texts_of(dataset), dataset.labels.tolist(), strict=True):
            assert ("good" in text) == (label == 1)


def test_json_lines_are_read_too(table, tmp_path):
    rows = [json.dumps({"label": label, "text": text}) for text, label in both()]
    (tmp_path / "my.jsonl").write_text("\n".join(rows), encoding="utf-8")
    mine = load_data(Config(data="my.jsonl"))
    theirs = load_data(table(both()))
    assert texts_of(mine.train) == texts_of(theirs.train)
    assert mine.fingerprint == theirs.fingerprint


def test_the_columns_may_have_other_names(table):
    config = table(both(), "문장,stars", text_column="문장", label_column="stars")
    info = load_data(config).info
    assert (info.classes, info.text_column) == (["no", "yes"], "문장")


def test_for_few_texts_an_encoder_that_has_learned_is_advised(table, languages, monkeypatch):
    told = load_data(table(both())).advice
    assert told.startswith("note: 8 texts to train with are few for a new network: --backbone ")
    assert '(pip install -e ".[pretrained]")' in told
    assert languages.advice == ""
    monkeypatch.setattr("data.FEW", 8)
    assert load_data(table(both())).advice == ""


def test_empty_and_repeated_rows_are_left_out_and_counted(table):
    rows = [*both(), ("", "yes"), ("good 1", "yes"), ("no label", ""), ("  ", "no")]
    data = load_data(table(rows))
    assert data.notes == [
        "texts: 12 of 16 rows, in the middle 5 characters, at most 6",
        "  left out: 2 rows without a text, 1 without a label",
        "  left out: 1 rows that repeat a text with the same label",
    ]
    assert sum(sizes(data)) == 12


def test_a_text_with_two_labels_is_left_out_whatever_the_order(table):
    rows = [("good 9", "yes"), *both(), ("good 9", "no"), ("good  9", "yes")]
    for given in (rows, rows[::-1]):
        data = load_data(table(given))
        assert sum(sizes(data)) == 12
        said = "left out: 3 rows whose text has two labels or more: 1 texts, such as 'good 9'"
        assert any(said in note for note in data.notes)
        kept = [text for part in PARTS for text in texts_of(getattr(data, part))]
        assert "good 9" not in kept


def test_texts_that_differ_in_unicode_or_spaces_alone_are_the_same(table):
    composed, decomposed = "caf\u00e9 1", "cafe\u0301 1"
    rows = [*both(), (composed, "yes"), (decomposed, "yes"), ("caf\u00e9\u00a0 1 ", "yes")]
    data = load_data(table(rows))
    assert sum(sizes(data)) == 13
    assert data.notes[-1] == "  left out: 2 rows that repeat a text with the same label"
    assert torch.equal(read_input(decomposed, INFO), read_input(composed, INFO))


def test_texts_that_differ_only_in_case_stay_together(table):
    rows = both(20) + [(text.upper(), label) for text, label in both(20) if label == "yes"]
    data = load_data(table(rows))
    assert "alike: 40 texts differ from another one only in case" in data.notes[-1]
    parts = [{text.lower() for text in texts_of(getattr(data, part))} for part in PARTS]
    assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])


def test_spellings_of_a_label_are_one_class(table):
    rows = [*both(), ("good 7", "YES"), ("good 8", "Yes "), ("good 9", "ye\u0301s")]
    rows += [("good 10", "y\u00e9s"), ("good 11", "y\u00e9s")]
    data = load_data(table(rows))
    assert data.info.classes == ["no", "yes", "y\u00e9s"]
    assert "  taken for 'yes': 'YES', 'Yes'" in data.notes


def test_na_is_a_class_beside_other_codes_of_two_capitals_and_else_missing(table):
    places = [(f"{name} {number}", name) for name in ("NA", "EU", "AS") for number in range(5)]
    assert load_data(table(places)).info.classes == ["AS", "EU", "NA"]
    data = load_data(table([*both(), *places[:5]]))
    assert data.info.classes == ["no", "yes"]
    assert any("0 rows without a text, 5 without a label" in note for note in data.notes)


@pytest.mark.parametrize("none", ["none", "None", "없음", "unknown", "-", "미상"])
def test_words_for_none_are_classes(table, none):
    rows = both() + [(f"nothing {number}", none) for number in range(5)]
    assert none in load_data(table(rows)).info.classes


def test_a_file_in_another_encoding_is_read(tmp_path):
    lines = ["text,label", *(f"Stra\u00dfe {n},{'ja' if n % 2 else 'nein'}" for n in range(12))]
    path = tmp_path / "my.csv"
    path.write_bytes("\n".join(lines).encode("cp1252"))
    data = load_data(Config(data=str(path), encoding="cp1252"))
    assert all(text.startswith("Stra\u00dfe ") for text in texts_of(data.train))


def test_texts_of_an_author_stay_together(table):
    rows = [(f'{text}","{number % 6}', label) for number, (text, label) in enumerate(both(15))]
    data = load_data(table(rows, "text,author,label", split_by="author"))
    authors = [
        {int(text.split()[1]) % 6 for text in texts_of(getattr(data, part)) if "good" in text}
        for part in PARTS
    ]
    assert not (authors[0] & authors[1] or authors[0] & authors[2] or authors[1] & authors[2])


def test_the_latest_texts_test(table):
    rows = []
    for number, (text, label) in enumerate(both(10)):
        rows.append((f'{text}","2024-01-{number % 10 + 1:02}', label))
    data = load_data(table(rows, "text,day,label", split_time="day"))
    assert {int(text.split()[1]) for text in texts_of(data.test)} == {8, 9}


@pytest.mark.parametrize(
    ("rows", "settings", "message"),
    [
        (both(), {"text_column": "review"}, r"--text-column: .* 'review', but text"),
        (both(), {"label_column": "stars"}, r"--label-column: .* 'stars', but text, label"),
        ([("", "yes"), ("", "no")] * 9, {}, "no text is left"),
        ([("a", ""), ("b", "")], {}, "no text is left"),
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
        load_data(config)
    assert "\n" not in str(error.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_texts_that_are_cut_are_counted(table):
    notes = load_data(table([("x" * 50, "yes"), *both()], max_length=20)).notes
    assert notes == [
        "texts: 13 of 13 rows, in the middle 6 characters, at most 50",
        "  cut: 1 are longer than --max-length 20; a larger one reads more",
    ]


def test_the_pieces_are_counted_in_training_alone(table):
    data = load_data(table(both()))
    assert torch.equal(data.info.piece_counts, count_texts(data.train))
    assert data.info.piece_counts[0] == len(data.train)


@pytest.mark.parametrize("row", [("good 0!", "yes"), ("good 0", "no")])
def test_changed_texts_or_labels_are_noticed(table, row):
    mark = load_data(table(both())).fingerprint
    assert load_data(table(both())).fingerprint == mark
    assert load_data(table([row, *both()[1:]])).fingerprint != mark


def test_a_few_texts_are_left_to_try_a_line_each(tmp_path):
    texts = make_texts(["one\ntwo", "three", "\ud800"])
    (path,) = save_examples(texts, [1, 0, 2], INFO, tmp_path)
    assert path.read_text(encoding="utf-8") == "three\none two\n?\n"
    inputs = read_inputs((str(path),), INFO)
    assert torch.equal(inputs.examples[0], texts[1][0])


def test_people_see_what_is_read_of_a_text(table):
    data = load_data(table(both(), max_length=6))
    assert {*data.train.texts, *data.val.texts, *data.test.texts} >= {"good 1", "나쁜 1"}
    shown = show_examples(data.test, [0], data.info)
    assert shown == {"text": [to_text(data.test[0][0])]}


def test_people_see_a_text_in_one_line():
    texts = make_texts([*SOME, "one\n\ttwo  three"])
    assert show_examples(texts, [5, 1], INFO) == {"text": ["one two three", SOME[1]]}


def test_mistakes_are_drawn_beside_the_truth_whatever_the_classes_are_called(tmp_path):
    texts = make_texts(SOME)
    info = replace(INFO, classes=["$x^{", "한글", "<b>\n\t", "\ud800", "e"])
    logits = torch.eye(5)[[0, 2, 2, 3, 4]] * 10
    figure = draw_mistakes(texts, Answers(torch.zeros(5), logits, texts.labels), info)
    (cells,) = figure.axes[0].tables
    row = [cells[1, column].get_text().get_text().strip() for column in range(4)]
    assert row == [SOME[1], "한글", "<b>", "100.0%"]
    save_figure(figure, tmp_path / "mistakes.png", margins=False)
