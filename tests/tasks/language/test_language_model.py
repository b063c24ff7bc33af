"""The network: no place sees what comes behind it. How it writes, with a cache and without."""

import math
from dataclasses import replace
from itertools import islice

import pytest
import torch
from torch import nn

from config import Config
from data import Info
from engine.settings import UserError
from engine.writing import Cache, Draw, is_cache_right, line_after_epoch, write_on, write_text
from model import LanguageModel, build_model, compute_loss
from train import train

CONTEXT = 12
LETTERS = "�\n abcdefghijklmno"
INFO = Info(characters=LETTERS, context=CONTEXT)
LIKELIEST = Draw(temperature=0)


def make_model(context=CONTEXT, dropout=0.0):
    """Return a network that has opinions, as behind a training: a new one has hardly any."""
    torch.manual_seed(0)
    model = LanguageModel(
        characters=len(LETTERS), context=context, width=16, heads=2, layers=2, dropout=dropout
    )
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.5)
    return model.eval()


@pytest.fixture
def model():
    return make_model()


@pytest.fixture
def characters():
    return torch.randint(len(LETTERS), (3, CONTEXT), generator=torch.Generator().manual_seed(0))


# The network.


@pytest.mark.parametrize("places", [1, 5, CONTEXT])
def test_each_place_gets_a_logit_for_each_character(model, characters, places):
    assert model(characters[:, :places]).shape == (3, places, len(LETTERS))


@pytest.mark.parametrize("place", range(1, CONTEXT))
def test_no_place_sees_what_comes_behind_it(model, characters, place):
    logits = model(characters)
    changed = characters.clone()
    changed[:, place] = (changed[:, place] + 1) % len(LETTERS)
    found = model(changed)
    assert torch.equal(found[:, :place], logits[:, :place])
    assert not torch.isclose(found[:, place:], logits[:, place:]).all(dim=2).any()


def test_the_order_of_the_characters_before_counts(model, characters):
    swapped = characters.clone()
    swapped[:, [0, 1]] = torch.tensor([3, 4])
    other = characters.clone()
    other[:, [0, 1]] = torch.tensor([4, 3])
    assert not torch.allclose(model(swapped)[:, -1], model(other)[:, -1])


def test_it_is_counted_how_far_back_a_character_stands_not_where_the_window_begins(characters):
    """With a single layer a place that is moved with all before it says the same."""
    torch.manual_seed(0)
    model = LanguageModel(len(LETTERS), 2 * CONTEXT, width=16, heads=2, layers=1, dropout=0.0)
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.3)
    table = model.rotations.clone()
    expected = model.eval()(characters)
    model.rotations.copy_(table.roll(-7, dims=0))  # all places are 7 further on
    torch.testing.assert_close(model(characters), expected, rtol=1e-3, atol=1e-3)


def test_a_new_network_finds_all_characters_about_equally_likely():
    torch.manual_seed(0)
    model = build_model(Config(), INFO)
    characters = torch.randint(len(LETTERS), (64, CONTEXT + 1))
    losses, outputs = compute_loss(model, (characters[:, :-1], characters[:, 1:]), Config())
    equally = math.log(len(LETTERS))
    assert losses.mean().item() == pytest.approx(equally, rel=0.1)
    assert outputs.max() < 2 * equally


def test_the_loss_of_a_window_is_the_mean_over_its_characters(model, characters):
    following = characters.roll(-1, dims=1)
    losses, outputs = compute_loss(model, (characters, following), Config())
    assert losses.shape == (3,) and outputs.shape == (3, CONTEXT)
    torch.testing.assert_close(losses, outputs.mean(dim=1))
    probabilities = model(characters).softmax(dim=2)
    expected = -probabilities[1, 4, following[1, 4]].log()
    torch.testing.assert_close(outputs[1, 4], expected)


def test_only_training_leaves_numbers_out(characters):
    model = make_model(dropout=0.5)
    assert torch.equal(model(characters), model(characters))
    model.train()
    assert not torch.equal(model(characters), model(characters))


@pytest.mark.parametrize(("width", "heads"), [(10, 4), (12, 4), (7, 1), (4, 4)])
def test_a_width_that_the_heads_cannot_share_is_refused_in_one_line(width, heads):
    config = Config(width=width, heads=heads)
    with pytest.raises(UserError, match=f"--width is {width} and --heads is {heads}: ") as error:
        build_model(config, INFO)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("width", "heads"), [(8, 4), (2, 1), (12, 3)])
def test_a_width_that_the_heads_can_share_is_taken(characters, width, heads):
    model = build_model(Config(width=width, heads=heads), INFO)
    assert model(characters).shape == (3, CONTEXT, len(LETTERS))


# Writing.


def write_without_cache(model, start, count, draw, context):
    """Return what it writes, in the plainest way: the whole window for each character."""
    generator = torch.Generator().manual_seed(draw.seed)
    window = start[-context:].tolist()
    written = []
    with torch.inference_mode():
        for _ in range(count):
            logits = model(torch.tensor([window]))[0, -1]
            logits[0] = -torch.inf
            number = draw.choose(logits, generator)
            written.append(number)
            window.append(number)
            if len(window) > context:
                window = window[-(context // 2) :]
    return written


def write(model, start, count, draw, context=CONTEXT):
    info = Info(characters=LETTERS, context=context)
    return list(islice(write_on(model, start, draw, info), count))


@pytest.mark.parametrize("context", [2, 3, 7, 32])
@pytest.mark.parametrize("length", [1, 5, 50])
@pytest.mark.parametrize("draw", [LIKELIEST, Draw(), Draw(temperature=1.5, top_k=3, seed=7)])
def test_with_the_cache_the_same_is_written_also_beyond_a_full_window(context, length, draw):
    model = make_model(context)
    start = torch.arange(length) % len(LETTERS)
    written = write(model, start, 3 * context + 5, draw, context)
    assert written == write_without_cache(model, start, 3 * context + 5, draw, context)


@pytest.mark.parametrize("first", [1, 4, CONTEXT - 1])
def test_with_the_cache_each_place_says_the_same(model, characters, first):
    """What is drawn could hide a difference."""
    expected = model(characters)
    cache = Cache()
    found = [model.follow(characters[:, :first], cache)]
    for place in range(first, CONTEXT):
        found.append(model.follow(characters[:, place : place + 1], cache))
    torch.testing.assert_close(torch.cat(found, dim=1), expected, rtol=1e-4, atol=1e-4)


def test_the_same_seed_writes_the_same_and_another_one_something_else(model, characters):
    start = characters[0]
    texts = ["".join(write_text(model, start, 80, Draw(seed=seed), INFO)) for seed in (0, 0, 1)]
    assert texts[0] == texts[1] != texts[2]


def test_temperature_0_takes_the_likeliest(model, characters):
    (number,) = write(model, characters[0], 1, LIKELIEST)
    logits = model(characters[:1])[0, -1]
    assert number == 1 + int(logits[1:].argmax())


def test_only_the_likeliest_may_come_with_top_k(model, characters):
    likeliest = 1 + model(characters[:1])[0, -1][1:].argsort(descending=True)[:3]
    found = {
        write(model, characters[0], 1, Draw(temperature=5.0, top_k=3, seed=seed))[0]
        for seed in range(60)
    }
    assert found == set(likeliest.tolist())


@pytest.mark.parametrize("top_k", [0, len(LETTERS), 1000])
def test_top_k_0_and_more_than_there_are_lets_all_come(model, characters, top_k):
    draws = [Draw(temperature=100.0, top_k=top_k, seed=seed) for seed in range(300)]
    found = {write(model, characters[0], 1, draw)[0] for draw in draws}
    assert found == set(range(1, len(LETTERS)))


@pytest.mark.parametrize("draw", [LIKELIEST, Draw(temperature=1000.0), Draw(top_k=1)])
def test_the_sign_for_the_unknown_is_never_written(model, draw):
    with torch.no_grad():
        model.head.weight[0] = 100 * model.head.weight[1]
    assert 0 not in write(model, torch.tensor([0, 5, 0]), 100, draw)


def test_an_empty_beginning_is_a_new_line(model):
    empty = "".join(write_text(model, torch.empty(0), 30, Draw(), INFO))
    assert empty == "".join(write_text(model, torch.tensor([1]), 30, Draw(), INFO))
    info = Info(characters=LETTERS.replace("\n", "?"), context=CONTEXT)
    assert len("".join(write_text(model, torch.empty(0), 30, Draw(), info))) == 30


class Forgetful(LanguageModel):
    """Takes each character for the first one, where there is a cache."""

    def follow(self, characters, cache):
        before = cache.length if cache is not None else 0
        if cache is not None:
            cache.length = 0
        logits = super().follow(characters, cache)
        if cache is not None:
            cache.length += before
        return logits


def test_a_cache_that_is_used_wrongly_is_named_after_an_epoch(model):
    assert is_cache_right(model, INFO)
    line = line_after_epoch(model, INFO)
    assert line.startswith("           it writes: ") and "\n" not in line
    model.__class__ = Forgetful
    assert not is_cache_right(model, INFO)
    first, warning = line_after_epoch(model, INFO).split("\n")
    assert first.startswith("           it writes: ")
    assert warning.startswith("warning: model.py: with a cache `follow` foresees something else")


def test_the_line_after_an_epoch_is_one_line_and_leaves_the_random_numbers_alone(model):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    line = line_after_epoch(model.train(), INFO)
    assert torch.equal(torch.rand(3), expected)
    assert "\n" not in line
    assert not model.training


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("abcde fghij. ", "begins with all weights of "),
        ("vwxyz klmno! ", "; new: embedding.weight (13, 16); head.weight (13, 16)\n"),
        ("abcde fghi. ", "; new: embedding.weight (12, 16), there (13, 16); "),
    ],
    ids=["the same", "as many others", "fewer"],
)
def test_of_another_run_the_rows_of_other_characters_are_not_taken(other, said, tmp_path, capsys):
    config = Config(context=16, width=16, layers=1, epochs=1, limit_batches=2, device="cpu")
    runs = []
    for name, text in (("first", "abcde fghij. "), ("second", other)):
        path = tmp_path / f"{name}.txt"
        path.write_text(text * 400, encoding="utf-8")
        begun = str(runs[0]) if runs else None
        settings = replace(config, data=str(path), run_dir=str(tmp_path / name), init_from=begun)
        capsys.readouterr()
        runs.append(train(settings))
    assert said in capsys.readouterr().out
