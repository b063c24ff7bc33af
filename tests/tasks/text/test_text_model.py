"""The network: any length, any script, no matter how much padding."""

import pytest
import torch
import torch.nn.functional as F

from config import Config
from data import Texts
from model import TextNet, build_model, score_batch

TEXTS = ["a", "Hallo Welt", "한국어 문장입니다", "🔥 (fire)", "x" * 100]


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = TextNet(num_classes=3, width=32, dropout=0.5)
    torch.nn.init.normal_(model.pieces.weight)
    return model.eval()


@pytest.fixture
def batch():
    return list(Texts(TEXTS, torch.tensor([0, 1, 2, 0, 1]), 128)[torch.arange(5)])


def test_texts_become_one_logit_per_class(model, batch):
    assert model(batch[0]).shape == (5, 3)


def test_an_answer_does_not_depend_on_the_padding(model, batch):
    together = model(F.pad(batch[0], (0, 50)))
    for number, text in enumerate(TEXTS):
        alone, _ = Texts([text], torch.zeros(1), 128)[torch.tensor([0])]
        torch.testing.assert_close(model(alone)[0], together[number])


def test_the_order_of_the_characters_counts(model):
    characters, _ = Texts(["ab cd", "dc ba", "ab cd"], torch.zeros(3), 128)[torch.arange(3)]
    for part in (model.read, model.count):
        there, turned, again = part(characters)
        assert torch.equal(there, again)
        assert not torch.allclose(there, turned)


def test_both_directions_are_read(model):
    ends, _ = Texts(["abcdef", "abcdeX", "Xbcdef"], torch.zeros(3), 128)[torch.arange(3)]
    forwards, _ = model.forwards(model.characters(ends % 4096))
    assert torch.equal(forwards[0, 0], forwards[1, 0])  # it has not seen the end yet
    states = model.read(ends)
    assert not torch.allclose(states[0], states[1])
    assert not torch.allclose(states[0], states[2])


def test_a_piece_that_training_has_not_seen_says_nothing():
    model = TextNet(num_classes=2, width=8, dropout=0.5)
    characters, _ = Texts(["new"], torch.zeros(1), 128)[torch.tensor([0])]
    assert not model.count(characters).any()


def test_only_training_drops(batch):
    model = build_model(Config(), ["a", "b", "c"], {})
    config = Config()
    losses, logits = score_batch(model.eval(), batch, config)
    again, _ = score_batch(model, batch, config)
    assert torch.equal(losses, again)
    torch.testing.assert_close(losses, F.cross_entropy(logits, batch[1], reduction="none"))
    first, _ = score_batch(model.train(), batch, config)
    second, _ = score_batch(model, batch, config)
    assert not torch.equal(first, second)


def test_of_an_emoji_and_of_the_largest_character_there_is_a_vector(model):
    characters, _ = Texts([chr(0x10FFFF) * 9], torch.zeros(1), 128)[torch.tensor([0])]
    assert model(characters).isfinite().all()
