"""How a text is written: what is drawn, with any network, and what is said after an epoch."""

import math
from dataclasses import dataclass
from itertools import islice

import pytest
import torch
from torch import nn

import engine.dataset
from engine.settings import UserError
from engine.writing import Cache, Draw, line_after_epoch, unknown_in, write_on, write_text

CONTEXT = 12
LETTERS = "�\n abcdefgh"


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    """What writing must know of a text."""

    characters: str = LETTERS
    context: int = CONTEXT


INFO = Info()


class Network(nn.Module):
    """A network as a student may write it: from characters (N, T) to logits (N, T, K)."""

    def __init__(self, outputs=11):
        super().__init__()
        self.vectors = nn.Embedding(len(LETTERS), 16)
        self.layer = nn.GRU(16, 16, batch_first=True)
        self.head = nn.Linear(16, outputs)

    def forward(self, characters):
        states, _ = self.layer(self.vectors(characters))
        return self.head(states)


class FullWindows(Network):
    """Has numbers for each place of a window, so it takes no shorter one."""

    def __init__(self):
        super().__init__()
        self.places = nn.Parameter(torch.randn(CONTEXT, 16))

    def forward(self, characters):
        states, _ = self.layer(self.vectors(characters) + self.places)
        return self.head(states)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Network().eval()


def choose(logits, draw, count=1):
    generator = torch.Generator().manual_seed(draw.seed)
    return [draw.choose(logits, generator) for _ in range(count)]


def write(model, start, count, draw):
    return list(islice(write_on(model, torch.tensor(start), draw, INFO), count))


def test_temperature_0_takes_the_likeliest():
    assert choose(torch.tensor([0.0, 3.0, 1.0]), Draw(temperature=0), 9) == [1] * 9


def test_the_lower_the_temperature_the_more_often_the_likeliest_comes():
    logits = torch.tensor([0.0, 1.0, 2.0])
    shares = []
    for temperature in (0.2, 1.0, 100.0):
        drawn = choose(logits, Draw(temperature=temperature), 2000)
        shares.append(drawn.count(2) / len(drawn))
    chance = math.exp(2) / (1 + math.e + math.exp(2))
    assert shares == pytest.approx([0.993, chance, 1 / 3], abs=0.03)


@pytest.mark.parametrize("temperature", [1e-320, 1e-40, 1e-6, 1000.0])
def test_any_temperature_can_be_drawn_with(temperature):
    logits = torch.tensor([-torch.inf, 30.0, -30.0, 2.0])
    found = set(choose(logits, Draw(temperature=temperature), 200))
    assert found == ({1} if temperature < 1 else {1, 2, 3})


def test_only_the_likeliest_may_come_with_top_k():
    logits = torch.tensor([5.0, 1.0, 4.0, 2.0, 3.0])
    assert set(choose(logits, Draw(temperature=50.0, top_k=3), 200)) == {0, 2, 4}


@pytest.mark.parametrize("top_k", [0, 5, 1000])
def test_top_k_0_and_more_than_there_are_lets_all_come(top_k):
    assert set(choose(torch.arange(5.0), Draw(temperature=50.0, top_k=top_k), 300)) == {*range(5)}


def test_the_same_seed_draws_the_same():
    logits = torch.zeros(50)
    drawn = [choose(logits, Draw(seed=seed), 20) for seed in (3, 3, 4)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_cache_gives_all_keys_and_values_of_a_layer_so_far():
    cache = Cache()
    layer, other = object(), object()
    keys = torch.randn(1, 2, 5, 3)  # (N, heads, T, D)
    values = torch.randn(1, 2, 5, 3)
    assert cache.is_empty(layer)
    cache.extend(layer, keys[:, :, :3], values[:, :, :3])
    assert not cache.is_empty(layer) and cache.is_empty(other)
    cache.extend(other, values, keys)
    for place in (3, 4):
        new = slice(place, place + 1)
        found = cache.extend(layer, keys[:, :, new], values[:, :, new])
        assert torch.equal(found[0], keys[:, :, : place + 1])
        assert torch.equal(found[1], values[:, :, : place + 1])


def test_a_network_without_a_cache_writes_as_its_own_outputs_say(model):
    """Beyond a full window it goes on from the second half, as one with a cache does."""
    window = [3, 4]
    expected = []
    for _ in range(3 * CONTEXT):
        with torch.no_grad():
            logits = model(torch.tensor([window]))[0, -1]
        number = 1 + int(logits[1:].argmax())
        expected.append(number)
        window.append(number)
        if len(window) > CONTEXT:
            window = window[-CONTEXT // 2 :]
    assert write(model, [3, 4], 3 * CONTEXT, Draw(temperature=0)) == expected


def test_a_network_that_takes_full_windows_alone_writes_too():
    written = write(FullWindows().eval(), [3], 2 * CONTEXT, Draw())
    assert len(written) == 2 * CONTEXT


def test_of_a_long_beginning_the_end_counts(model):
    end = [3, 4, 5, 6] * 3
    assert write(model, [7] * 40 + end, 30, Draw()) == write(model, end, 30, Draw())


def test_the_sign_for_the_unknown_is_never_written(model):
    with torch.no_grad():
        model.head.bias[0] = 100
    for draw in (Draw(temperature=0), Draw(temperature=1000.0), Draw(top_k=1)):
        assert 0 not in write(model, [0, 5, 0], 50, draw)


def test_an_empty_beginning_is_a_new_line_or_where_there_is_none_the_unknown(model):
    nothing = torch.empty(0)
    written = list(write_text(model, nothing, 30, Draw(), INFO))
    assert written == list(write_text(model, torch.tensor([1]), 30, Draw(), INFO))
    info = Info(characters=LETTERS.replace("\n", "?"))
    written = list(write_text(model, nothing, 30, Draw(), info))
    assert written == list(write_text(model, torch.tensor([0]), 30, Draw(), info))


def test_characters_that_are_not_known_are_named_once():
    assert unknown_in(["abz\n", "a b", "zZ"], INFO) == "'Z' 'z'"
    assert unknown_in(["ab"], INFO) == ""


@pytest.mark.parametrize("outputs", [5, 40])
def test_a_network_of_other_characters_is_refused_in_one_line(outputs):
    with pytest.raises(UserError) as error:
        line_after_epoch(Network(outputs), INFO)
    assert str(error.value) == (
        f"model.py: the network of build_model gives {outputs} logits at each place, but "
        "info.characters has 11: the last layer needs len(info.characters) outputs"
    )


def test_a_network_that_gives_nan_is_refused_in_one_line(model):
    nn.init.constant_(model.head.weight, torch.nan)
    with pytest.raises(UserError, match=r"^model\.py: the network gives nan: "):
        line_after_epoch(model, INFO)


def test_the_line_after_an_epoch_is_one_line_of_text(model):
    line = line_after_epoch(model.train(), INFO)
    assert line.startswith("           it writes: ")
    assert "\n" not in line
    assert not model.training


def test_writing_leaves_the_random_numbers_of_a_training_alone(model):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    line_after_epoch(model, INFO)
    assert torch.equal(torch.rand(3), expected)


class Remembering(Network):
    """Adds up what was before: its cache holds the sum."""

    is_right = True

    def forward(self, characters):
        return self.follow(characters, None)

    def follow(self, characters, cache):
        vectors = self.vectors(characters)
        if cache is not None:
            if self.is_right and not cache.is_empty(self):
                vectors = torch.cat([cache.kept[self][0], vectors], dim=1)
            cache.kept[self] = vectors, vectors
            cache.length += characters.shape[1]
        sums = vectors.cumsum(dim=1)[:, -characters.shape[1] :]
        return self.head(sums)


def test_a_cache_that_is_used_wrongly_is_named():
    torch.manual_seed(0)
    model = Remembering()
    assert "\n" not in line_after_epoch(model, INFO)
    model.is_right = False
    first, warning = line_after_epoch(model, INFO).split("\n")
    assert first.startswith("           it writes: ")
    assert warning.startswith("warning: model.py: with a cache `follow` foresees something else")
