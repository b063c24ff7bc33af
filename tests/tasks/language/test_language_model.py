"""The network: any length, any script, no matter how much padding."""

import math

import pytest
import torch
import torch.nn.functional as F

from config import Config
from data import Info, read_input
from engine.dataset import Sequences
from engine.pieces import NUMBERS, count_texts, number_pieces
from model import LENGTH, Pieces, TextNet, build_model, compute_loss, weigh_pieces

TEXTS = ["a", "Hallo Welt", "한국어 문장입니다", "🔥 (fire)", "x" * 100]


INFO = Info(classes=["a"], max_length=128)


def as_batch(texts):
    """Return the characters of texts, padded: (N, T)."""
    sequences = [read_input(text, INFO) for text in texts]
    characters, _ = Sequences.collate_fn([(sequence, 0) for sequence in sequences])
    return characters


@pytest.fixture
def model():
    """A network whose pieces say something, as behind a training."""
    torch.manual_seed(0)
    model = TextNet(width=32, dropout=0.5, weights=weigh_pieces(None), num_classes=3)
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
    there, turned, again = model(as_batch(["ab cd", "dc ba", "ab cd"]))
    assert torch.equal(there, again)
    assert not torch.allclose(there, turned)


def test_many_classes_share_vectors_of_the_width():
    model = TextNet(width=8, dropout=0, weights=weigh_pieces(None), num_classes=20)
    assert model.pieces.vectors.weight.shape == (NUMBERS, 8)
    assert model(as_batch(TEXTS)).shape == (5, 20)


def test_only_training_drops_and_asks_for_a_margin(batch):
    config = Config(dropout=0.5, margin=2.0)
    model = build_model(config, Info(classes=["a", "b", "c"], max_length=128))
    torch.nn.init.normal_(model.pieces.vectors.weight)
    losses, logits = compute_loss(model.eval(), batch, config)
    again, _ = compute_loss(model, batch, config)
    assert torch.equal(losses, again)
    torch.testing.assert_close(losses, F.cross_entropy(logits, batch[1], reduction="none"))
    first, logits = compute_loss(model.train(), batch, config)
    second, _ = compute_loss(model, batch, config)
    assert not torch.equal(first, second)
    led = logits - 2.0 * F.one_hot(batch[1], 3)
    torch.testing.assert_close(first, F.cross_entropy(led, batch[1], reduction="none"))


def test_of_an_emoji_and_of_the_largest_character_there_is_a_vector(model):
    assert model(as_batch([chr(0x10FFFF) * 9, "🔥"])).isfinite().all()


# The pieces.


def pieces_of(text):
    numbers = number_pieces(as_batch([text]))[0]
    return numbers[numbers > 0].tolist()


def test_padding_changes_no_piece_and_adds_none():
    characters = as_batch(["ab", "a longer one"])
    for number, text in enumerate(["ab", "a longer one"]):
        row = number_pieces(F.pad(characters, (0, 20)))[number]
        assert row[row > 0].tolist() == pieces_of(text)


def test_pieces_are_numbers_in_ascending_order():
    numbers = number_pieces(as_batch(TEXTS))
    assert 0 <= numbers.min() <= numbers.max() < NUMBERS
    assert (numbers[:, 1:] >= numbers[:, :-1]).all()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a", 1 + 2 + 1),  # a; _a a_; _a_
        ("ab", 2 + 3 + 2 + 1),  # a b; _a ab b_; _ab ab_; _ab_
        ("abcdef", 6 + 7 + 6 + 5 + 4),
        ("a b", 2 + 4 + 2),  # the same as of "a" and of "b"
    ],
)
def test_a_piece_has_a_space_at_its_ends_alone(text, count):
    assert len(pieces_of(text)) == count


def test_a_word_has_the_same_pieces_wherever_it_stands():
    assert set(pieces_of("cat")) < set(pieces_of("a cat sat"))
    assert set(pieces_of("the")) - set(pieces_of("in theory"))
    assert set(pieces_of("cat")) != set(pieces_of("act"))


def test_hardly_any_two_pieces_share_a_number():
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [one + other for one in letters for other in letters]
    numbers = {number for word in words for number in pieces_of(word)}
    assert len(numbers) > 0.98 * (26 + 2 * 26 + 3 * 26**2 + 26**2)


def test_each_text_counts_once_for_a_piece():
    texts = [read_input(text, INFO) for text in ("aaaa", "a", "b")]
    counts = count_texts(Sequences(texts, torch.zeros(3)))
    assert counts[single("a")] == 2
    assert counts[single("b")] == 1
    assert counts[0] == 3  # texts


def test_rare_pieces_weigh_more_and_number_0_nothing():
    counts = torch.zeros(NUMBERS)
    counts[0] = 99
    counts[5] = 99
    counts[6] = 9
    weights = weigh_pieces(counts)
    assert weights[0] == 0
    assert weights[5] == pytest.approx(1)
    assert weights[6] == pytest.approx(1 + math.log(100 / 10))
    assert weights[7] == pytest.approx(1 + math.log(100))


def test_a_piece_that_comes_up_again_counts_less():
    pieces = Pieces(1, 0.0, weigh_pieces(None))
    torch.nn.init.zeros_(pieces.vectors.weight)
    (number,) = set(pieces_of("a b a")) & set(pieces_of("a")) & {single("a")}
    pieces.vectors.weight.data[number] = 1
    once = 1 / math.sqrt(len(pieces_of("a b c")))
    assert pieces(as_batch(["a b c"])).item() == pytest.approx(LENGTH * once)
    again = pieces(as_batch(["a b c a"])).item()
    squares = len(pieces_of("a b c")) + len(pieces_of("a")) / 4
    assert again == pytest.approx(LENGTH * 1.5 / math.sqrt(squares))


def single(letter):
    """Return the number of a piece of one character: in both texts, and no longer piece is."""
    (number,) = set(pieces_of(f"x{letter}y")) & set(pieces_of(f"v{letter}w"))
    return number


def test_a_piece_that_training_has_not_seen_says_nothing():
    assert not Pieces(8, 0.0, weigh_pieces(None))(as_batch(["new"])).any()
