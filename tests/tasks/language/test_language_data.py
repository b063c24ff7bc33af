"""The texts: files of the user, how they are split, what is known of their characters."""

import unicodedata
from dataclasses import replace

import pytest
import torch

from config import Config
from data import UNKNOWN, load_data, read_input, read_inputs
from engine.examples import save_examples, show_examples, to_text
from engine.settings import UserError

PARTS = ("train", "val", "test")
CONTEXT = 16
STORY = "".join(f"Line {number} of a story, and so on.\n" for number in range(60))
KOREAN = "".join(f"옛날 옛적에 호랑이가 {number}마리 살았습니다.\n" for number in range(60))


@pytest.fixture(scope="module")
def talk():
    return load_data(Config())


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files into an empty folder, and return the settings that read one of them."""
    monkeypatch.chdir(tmp_path)

    def write(files, data=None, **settings):
        for name, content in files.items():
            if isinstance(content, str):
                content = content.encode()
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Config(data=data or next(iter(files)), context=CONTEXT, **settings)

    return write


def text_of(dataset, info):
    """Return the text of all windows of a part of the data, one behind the other."""
    return "".join(to_text(dataset[index][0], info) for index in range(len(dataset)))


def texts_of(data):
    return [text_of(getattr(data, part), data.info) for part in PARTS]


def same(data, other):
    return texts_of(data) == texts_of(other) and data.fingerprint == other.fingerprint


def test_an_example_is_a_window_and_what_follows_at_each_place(talk):
    characters, following = talk.train[3]
    assert characters.shape == following.shape == (Config().context,)
    assert characters.dtype == following.dtype == torch.int64
    assert torch.equal(characters[1:], following[:-1])
    assert following[-1] == talk.train[4][0][0]  # the next window begins behind this one


def test_training_and_prediction_see_the_same(talk):
    sentence = "What is your favourite colour?"
    inputs = read_inputs((sentence,), talk.info)
    assert inputs.columns == {"beginning": inputs.names} == {"beginning": [sentence]}
    (found,) = inputs.examples
    assert torch.equal(found, read_input(sentence, talk.info))
    assert to_text(found, talk.info) == sentence


def test_the_small_talk_is_in_english_and_each_conversation_comes_once(talk):
    train, val, test = texts_of(talk)
    assert len(train) > 50_000
    assert 0.09 < len(test) / len(train + val + test) < 0.11
    letters = [letter for letter in train if letter.isalpha()]
    assert sum(letter.isascii() for letter in letters) > 0.99 * len(letters)


def test_the_seed_of_a_training_does_not_change_the_split(talk):
    assert same(load_data(Config(seed=7)), talk)


def test_one_document_is_cut_so_that_its_end_is_tested(write):
    train, val, test = texts_of(load_data(write({"story.txt": STORY})))
    assert STORY.startswith(train)
    assert 0 < STORY.index(val) - len(train) <= CONTEXT  # what is too short for a window is lost
    assert STORY.index(test) > STORY.index(val) + len(val)
    assert len(test) == pytest.approx(len(STORY) / 10, abs=CONTEXT)


def test_of_few_documents_each_one_is_cut(write):
    files = {f"books/{name}.txt": STORY.replace("story", name) for name in ("tale", "saga")}
    data = load_data(write(files, "books"))
    assert "2 documents" in data.notes[0]
    assert "of each document the first 80 % train, the last 10 % test" in data.notes[0]
    for text in texts_of(data):
        assert "a tale" in text and "a saga" in text


def poems(count):
    """Return documents of like length, each with a word of its own in all of its lines."""
    files = {}
    for number in range(count):
        word = f"poem{number:02}"
        files[f"poems/{word}.txt"] = f"{word} " * (5 + number % 3)
    return files


def test_many_documents_are_split_as_whole_ones(write):
    files = poems(60)
    config = write(files, "poems")
    data = load_data(config)
    assert "60 documents" in data.notes[0]
    assert "whole documents" in data.notes[0]
    found = [set(text.replace("\n", " ").split()) for text in texts_of(data)]
    whole = [{word for word in words if len(word) == len("poem00")} for words in found]
    assert not (whole[0] & whole[1] or whole[0] & whole[2] or whole[1] & whole[2])
    assert [len(words) for words in whole] == pytest.approx([48, 6, 6], abs=2)


def test_whole_documents_are_split_by_their_characters(write):
    """Some of them are a hundred times as long as others."""
    files = {}
    for number in range(50):
        files[f"books/{number:02}.txt"] = f"{number:02} " * (1000 if number % 5 == 1 else 10)
    sizes = [len(text) for text in texts_of(load_data(write(files, "books")))]
    shares = [size / sum(sizes) for size in sizes]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.05)


def test_the_split_depends_neither_on_the_seed_nor_on_where_the_files_are(write, tmp_path):
    data = load_data(write(poems(60), "poems"))
    (tmp_path / "poems").rename(tmp_path / "elsewhere")
    assert same(load_data(Config(data="elsewhere", context=CONTEXT, seed=3)), data)


def test_a_document_that_is_there_twice_is_read_once(write):
    once = load_data(write({"a/one.txt": STORY}, "a"))
    twice = load_data(write({"b/one.txt": STORY, "b/copy/two.txt": STORY}, "b"))
    assert same(once, twice)


def test_no_text_is_in_two_parts(write):
    """A line is unique here, so one that stood in two parts would be found."""
    text = "\n".join(f"{number:05}" for number in range(2000))
    found = [set(part.split("\n")) for part in texts_of(load_data(write({"numbers.txt": text})))]
    whole = [{line for line in lines if len(line) == 5} for lines in found]
    assert not (whole[0] & whole[1] or whole[0] & whole[2] or whole[1] & whole[2])


def test_a_character_that_training_has_seen_once_is_as_unknown_as_a_new_one(write):
    text = "Q" + "ab" * 300 + "zz"  # Q is in training once, z is in the test alone
    data = load_data(write({"text.txt": text}))
    assert data.info.characters == UNKNOWN + "ab"
    train, _, test = texts_of(data)
    assert train.startswith(UNKNOWN + "abab")
    assert test.startswith("ab")
    assert read_input("Qaz", data.info).tolist() == [0, 1, 0]


def test_a_text_with_our_sign_for_the_unknown_is_read(write):
    data = load_data(write({"text.txt": f"a{UNKNOWN}b" * 300}))
    assert data.info.characters == UNKNOWN + "ab"
    assert read_input(UNKNOWN, data.info).tolist() == [0]


def test_without_a_character_that_comes_up_twice_nothing_can_be_learned(write):
    text = "".join(chr(ord("가") + number) for number in range(1000))
    with pytest.raises(UserError, match=r"list\.txt has no character twice"):
        load_data(write({"list.txt": text}))


def test_korean_is_read_and_written(write, tmp_path):
    data = load_data(write({"옛날 이야기.txt": KOREAN}))
    assert {*"옛날호랑이습니다"} <= set(data.info.characters)
    assert KOREAN.startswith(text_of(data.train, data.info))
    for path in save_examples(data.test, [0, 1], data.info, tmp_path):
        (beginning,) = read_inputs((str(path),), data.info).names
        assert beginning in KOREAN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_the_encoding_is_found_out(write, encoding):
    plain = load_data(write({"plain.txt": KOREAN}))
    other = load_data(write({"other.txt": KOREAN.encode(encoding)}))
    assert same(other, plain)


def test_the_encoding_is_named_where_it_cannot_be_found_out(write):
    text = STORY.replace("so", "wei\u00df")
    plain = load_data(write({"plain.txt": text}))
    file = {"other.txt": text.encode("cp1252")}
    assert same(load_data(write(file, encoding="cp1252")), plain)


@pytest.mark.parametrize("end", ["\r\n", "\r", "  \n"])
def test_ends_of_lines_are_the_same_from_every_system(write, end):
    plain = load_data(write({"plain.txt": STORY}))
    assert same(load_data(write({"other.txt": STORY.replace("\n", end)})), plain)


def test_a_letter_is_the_same_written_as_one_character_or_as_several(write):
    for text in (KOREAN, STORY.replace("a", "\u00e9")):
        plain = load_data(write({"plain.txt": unicodedata.normalize("NFC", text)}))
        of_a_mac = load_data(write({"other.txt": unicodedata.normalize("NFD", text)}))
        assert same(of_a_mac, plain)
        assert len(of_a_mac.info.characters) == len(set(text)) + 1
    typed = unicodedata.normalize("NFD", "caf\u00e9 말")
    assert read_inputs((typed,), plain.info).names == ["caf\u00e9 말"]
    assert len(read_input(typed, plain.info)) == 6


def test_a_folder_is_read_with_what_is_in_it_but_for_what_is_no_text(write):
    files = {"notes/b.md": STORY, "notes/deep/a.TXT": KOREAN}
    others = {"notes/photo.png": b"\x89PNG", "notes/.hidden.txt": "hidden", "notes/empty.txt": ""}
    data = load_data(write(files | others, "notes"))
    assert "2 documents" in data.notes[0]
    assert {*"호랑이story"} <= set(data.info.characters)
    assert "x" not in data.info.characters


@pytest.mark.parametrize("changed", [STORY[:-2] + "!", STORY.replace("59", "95"), "A" + STORY])
def test_another_text_is_noticed(write, changed):
    mark = load_data(write({"story.txt": STORY})).fingerprint
    assert load_data(write({"story.txt": STORY})).fingerprint == mark
    assert load_data(write({"story.txt": changed})).fingerprint != mark


@pytest.mark.parametrize(
    ("files", "settings", "message"),
    [
        ({"a.txt": STORY}, {"data": "b.txt"}, "b.txt is not there: name a text file, or a folder"),
        ({"a.txt": ""}, {}, "a.txt holds no text"),
        ({"a.txt": " \r\n\t\n"}, {}, "a.txt holds no text"),
        ({"a/b.png": b"\x89PNG"}, {"data": "a"}, r"a has no text files: their names end in \.txt"),
        ({"a.txt": "too short"}, {}, "a text of 9 characters is too short: .* --context 16"),
        ({"a.txt": "x" * 9 * CONTEXT}, {}, "is too short: its smallest part has"),
        ({"a.txt": b"\xff" * 900}, {}, "a.txt is no text in UTF-8 or cp949: .*--encoding"),
        ({"a.txt": b"\x89PNG\r\n\x1a\n" + bytes(900)}, {}, "a.txt is no text"),
        ({"a.txt": STORY}, {"encoding": "klingon"}, "--encoding: Python knows no 'klingon'"),
        ({"a.txt": "\u00e9".encode() * 900}, {"encoding": "ascii"}, "a.txt, line 1, is no"),
    ],
)
def test_bad_data_are_named_in_one_line_before_anything_is_written(
    write, tmp_path, files, settings, message
):
    config = replace(write(files), **settings)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match=message) as error:
        load_data(config)
    assert "\n" not in str(error.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_text_of_just_enough_characters_is_taken(write):
    data = load_data(write({"a.txt": "ab" * 5 * (CONTEXT + 1)}))
    assert [len(getattr(data, part)) for part in PARTS] == [8, 1, 1]


def test_a_few_beginnings_are_left_to_write_on_from(talk, tmp_path):
    files = save_examples(talk.test, [0, 5], talk.info, tmp_path)
    assert [path.suffix for path in files] == [".txt", ".txt"]
    whole = text_of(talk.test, talk.info)
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert 0 < len(text.strip()) <= 40
        assert text.strip() in whole


def test_people_see_a_window_in_one_line(talk):
    shown = show_examples(talk.test, [2, 0], talk.info)
    assert list(shown) == ["text"]
    for index, text in zip([2, 0], shown["text"], strict=True):
        assert "\n" not in text
        assert text.split() == to_text(talk.test[index][0], talk.info).split()
