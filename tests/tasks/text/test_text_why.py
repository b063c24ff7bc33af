"""Why an answer is given to a text: the word that decides carries it."""

import random

import pytest
import torch
from torch import nn

from config import Config
from data import Info
from engine.checkpoint import LoadedModel, load_model
from model import build_model
from tools.texts import WHY
from tools.why import FEWEST, cut_into_parts, explain, show, worth_of_words
from train import train

WORDS = ["오늘", "내일", "we", "they", "with", "학교에서", "house", "그래서", "long", "밥을"]
PLANTED = {"good": ["wonderful", "최고예요"], "bad": ["terrible", "별로예요"]}


def planted(draw):
    """Return a text in which one word says of which class it is, that word, and the class."""
    name = draw.choice(list(PLANTED))
    word = draw.choice(PLANTED[name])
    words = [draw.choice(WORDS) for _ in range(draw.randint(4, 12))]
    words.insert(draw.randint(0, len(words)), word)
    return " ".join(words), word, name


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A model of texts with a planted word."""
    folder = tmp_path_factory.mktemp("planted")
    draw = random.Random(0)
    rows = [planted(draw) for _ in range(600)]
    lines = [f"{text},{name}" for text, _, name in rows]
    (folder / "texts.csv").write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    config = Config(data=str(folder / "texts.csv"), epochs=6, device="cpu")
    config = Config(**{**vars(config), "run_dir": str(folder / "run")})
    run = train(config)
    return load_model(run, torch.device("cpu"), Config, Info, build_model)


def test_a_planted_word_carries_the_answer(loaded):
    draw = random.Random(1)
    for _ in range(20):
        text, word, _ = planted(draw)
        found = worth_of_words(loaded, text)
        assert "".join(found.parts) == text
        strongest = found.parts[int(found.worth.argmax())].strip()
        assert strongest == word, f"{strongest!r} in {text!r}"
        assert found.worth.max() > 0.5 * found.worth.sum()
        assert found.words.startswith(WHY["word"].partition("{effect}")[0].format(word=word))
        (shaded,) = [part for part in show(found).split("<mark") if "1.00" in part]
        assert shaded.partition(">")[2].startswith(f"{word}</mark>")


def test_a_single_word_is_explained_too(loaded):
    found = worth_of_words(loaded, "최고예요")
    assert found.parts == ["최고예요"]
    assert found.worth.tolist() > [0]


def test_words_are_cut_at_spaces_and_letters_without_any_stand_alone():
    assert cut_into_parts("오늘 저녁에 뭐?", 60) == ["오늘 ", "저녁에 ", "뭐?"]
    assert cut_into_parts("我喜欢 AI", 60) == ["我", "喜", "欢 ", "AI"]
    assert cut_into_parts("", 60) == []
    many = cut_into_parts("a " * 1000, 60)
    assert len(many) <= 60
    assert "".join(many) == "a " * 1000


class Fixed(nn.Module):
    """Answers the same to all texts; counts how many it is asked about."""

    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.tensor([[0.0, 2.0]]))
        self.asked = 0

    def forward(self, texts):
        self.asked += len(texts)
        return self.logits.expand(len(texts), -1)


def test_a_model_that_always_answers_the_same_has_no_word_for_it():
    loaded = LoadedModel(Fixed().eval(), Config(), Info(classes=["a", "b"], max_length=99), {})
    found = worth_of_words(loaded, "one two three")
    assert not found.worth.any()
    assert found.words == WHY["no_word"]
    assert "<mark" not in show(found)


def test_of_a_long_text_and_a_slow_model_several_words_are_left_out_together():
    model = Fixed().eval()
    loaded = LoadedModel(model, Config(), Info(classes=["a", "b"], max_length=10**6), {})
    found = worth_of_words(loaded, "word " * 5000, seconds=0)
    assert len(found.parts) == FEWEST
    assert model.asked == 2 + 1 + FEWEST  # twice for the time, the text, each part left out


def test_what_is_in_a_text_stays_text(loaded, tmp_path):
    path = tmp_path / "text.jsonl"
    path.write_text('{"text": "<script>alert(1)</script> wonderful"}', encoding="utf-8")
    page = explain(loaded, path)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_long_text_is_shown_around_its_strongest_word(loaded):
    text = "we " * 30 + "wonderful" + " they" * 20
    shown = show(worth_of_words(loaded, text), most=5)
    assert "wonderful</mark>" in shown
    assert shown.count("\u2026") == 2
    assert shown.count("they") + shown.count("we") < 12
