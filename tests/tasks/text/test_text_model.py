"""The network: any length, any script, no matter how much padding."""

import pytest
import torch
import torch.nn.functional as F

from config import Config
from data import Info, read_input
from engine.dataset import Sequences
from model import (
    ALPHABET,
    BUCKETS,
    LONGEST,
    Pieces,
    Reader,
    TextNet,
    build_model,
    compute_loss,
    number_pieces,
)

TEXTS = ["a", "Hallo Welt", "한국어 문장입니다", "🔥 (fire)", "x" * 100]
SIZES = range(1, LONGEST + 1)


def as_batch(texts):
    """Return the characters of texts, padded: (N, T)."""
    info = Info(classes=["a"], max_length=128)
    sequences = [read_input(text, info) for text in texts]
    characters, _ = Sequences.collate_fn([(sequence, 0) for sequence in sequences])
    return characters


@pytest.fixture
def model():
    """A network whose pieces say something, as behind a training."""
    torch.manual_seed(0)
    model = TextNet(width=32, dropout=0.5, num_classes=3)
    torch.nn.init.normal_(model.pieces.vectors.weight)
    return model.eval()


@pytest.fixture
def batch():
    return as_batch(TEXTS), torch.tensor([0, 1, 2, 0, 1])


def test_texts_become_one_logit_per_class(model, batch):
    assert model(batch[0]).shape == (5, 3)


def test_an_answer_does_not_depend_on_the_padding(model, batch):
    together = model(F.pad(batch[0], (0, 50)))
    for number, text in enumerate(TEXTS):
        torch.testing.assert_close(model(as_batch([text]))[0], together[number])


def test_the_order_of_the_characters_counts(model):
    characters = as_batch(["ab cd", "dc ba", "ab cd"])
    for part in (model.reader, model.pieces):
        there, turned, again = part(characters)
        assert torch.equal(there, again)
        assert not torch.allclose(there, turned)


def test_only_training_drops(batch):
    config = Config()
    model = build_model(config, Info(classes=["a", "b", "c"], max_length=128))
    losses, logits = compute_loss(model.eval(), batch, config)
    again, _ = compute_loss(model, batch, config)
    assert torch.equal(losses, again)
    torch.testing.assert_close(losses, F.cross_entropy(logits, batch[1], reduction="none"))
    first, _ = compute_loss(model.train(), batch, config)
    second, _ = compute_loss(model, batch, config)
    assert not torch.equal(first, second)


def test_of_an_emoji_and_of_the_largest_character_there_is_a_vector(model):
    assert model(as_batch([chr(0x10FFFF) * 9, "🔥"])).isfinite().all()


# The reader.


@pytest.fixture
def reader():
    torch.manual_seed(0)
    return Reader(width=8).eval()


def test_the_reader_does_not_see_the_padding(reader, batch):
    states = reader(batch[0])
    assert states.shape == (5, 4 * 8)
    torch.testing.assert_close(reader(F.pad(batch[0], (0, 50))), states)
    for number, text in enumerate(TEXTS):
        torch.testing.assert_close(reader(as_batch([text]))[0], states[number])


def test_the_reader_reads_in_both_directions(reader):
    there, other_end, other_beginning = reader(as_batch(["abcdef", "abcdeX", "Xbcdef"]))
    assert not torch.allclose(there, other_end)
    assert not torch.allclose(there, other_beginning)


def test_the_reader_gives_the_mean_and_the_largest_of_the_states(reader):
    characters = as_batch(["abc"])
    states, _ = reader.gru(reader.embed_characters(characters % ALPHABET))  # (1, 3, 16)
    mean, largest = reader(characters)[0].split(16)
    torch.testing.assert_close(mean, states[0].mean(dim=0))
    torch.testing.assert_close(largest, states[0].amax(dim=0))


# The pieces.


@pytest.mark.parametrize("size", SIZES)
def test_padding_changes_no_piece_and_adds_none(size):
    characters = as_batch(["ab", "a longer one"])
    alone = number_pieces(as_batch(["ab"]), size)[0]
    together = number_pieces(characters, size)[0]
    padded = number_pieces(F.pad(characters, (0, 20)), size)[0]
    assert alone[alone > 0].tolist() == together[together > 0].tolist()
    assert together[together > 0].tolist() == padded[padded > 0].tolist()


@pytest.mark.parametrize("size", SIZES)
def test_no_piece_goes_across_the_end_of_a_text(size):
    for text in ("a", "ab", "abcdefgh"):
        numbers = number_pieces(as_batch([text, "x" * 30]), size)[0]
        assert 0 <= numbers.min() <= numbers.max() < BUCKETS
        # With its beginning and its end it is two longer.
        assert (numbers > 0).sum() == max(0, len(text) + 2 - size + 1)
        assert (numbers[: (numbers > 0).sum()] > 0).all()


def pieces_of(text, size):
    numbers = number_pieces(as_batch([text]), size)[0]
    return numbers[numbers > 0].tolist()


def test_the_beginning_and_the_end_of_a_text_are_marked():
    first, *inside, last = pieces_of("abab", 2)  # ^a ab ba ab b$
    assert inside[0] == inside[2] != inside[1]
    assert first not in inside
    assert last not in inside
    assert first != pieces_of("b", 2)[0]
    assert pieces_of("the", 4)[0] not in pieces_of("in the end", 4)


def test_the_same_piece_has_the_same_number_wherever_it_stands():
    assert set(pieces_of("cat", 3)[1:-1]) <= set(pieces_of("a cat sat", 3))
    assert not set(pieces_of("cat", 3)[1:-1]) & set(pieces_of("act", 3))


def test_hardly_any_two_pieces_share_a_number():
    letters = "abcdefghijklmnopqrstuvwxyz"
    numbers = {pieces_of(one + other, 2)[1] for one in letters for other in letters}
    assert len(numbers) > 0.98 * len(letters) ** 2


def test_a_piece_that_training_has_not_seen_says_nothing():
    assert not Pieces(width=8)(as_batch(["new"])).any()


def test_the_sum_of_the_pieces_does_not_depend_on_the_padding(model, batch):
    sums = model.pieces(batch[0])
    torch.testing.assert_close(model.pieces(F.pad(batch[0], (0, 50))), sums)
    for number, text in enumerate(TEXTS):
        torch.testing.assert_close(model.pieces(as_batch([text]))[0], sums[number])
