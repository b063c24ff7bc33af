"""The network and the augmentation: shapes, sizes, what training does with its pictures."""

import pytest
import torch

from config import Config
from data import Info
from model import (
    MeanAndHighest,
    augment,
    build_model,
    change_brightness,
    change_colour,
    change_contrast,
    compute_loss,
    crop,
    mirror,
    random_factors,
    shift,
)

DIGITS = Info(classes=["a", "b"], channels=1, height=8, width=8, mean=[0.3], std=[0.4])
COLOUR = Info(classes=["a", "b"], channels=3, height=16, width=16, mean=[0.4] * 3, std=[0.2] * 3)


@pytest.fixture(autouse=True)
def _same_random_numbers():
    torch.manual_seed(0)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("height", "width"), [(8, 8), (28, 28), (33, 20), (3, 3)])
@pytest.mark.parametrize("num_classes", [2, 17])
def test_pictures_of_any_size_become_one_logit_per_class(channels, height, width, num_classes):
    classes = [str(number) for number in range(num_classes)]
    info = Info(classes=classes, channels=channels, height=height, width=width)
    model = build_model(Config(width=4), info)
    assert model(torch.zeros(5, channels, height, width)).shape == (5, num_classes)


@pytest.mark.parametrize(
    ("side", "convolutions", "of_a_channel"),
    [(8, 2, 2 * 2), (28, 3, 3 * 3), (32, 3, 2), (64, 3, 2), (128, 4, 2), (224, 4, 2)],
)
def test_the_network_grows_with_the_picture_and_its_last_layer_does_not(
    side, convolutions, of_a_channel
):
    info = Info(classes=["a", "b"], channels=3, height=side, width=side)
    model = build_model(Config(width=4), info)
    kinds = [type(layer).__name__ for layer in model.features]
    assert kinds.count("Conv2d") == convolutions
    last_channels = 4 * 2 ** (convolutions - 1)
    assert model.classifier.in_features == last_channels * of_a_channel


def test_of_a_photo_the_mean_and_the_highest_value_of_each_channel_are_left():
    maps = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [0.0, 8.0]]]])  # (1, 2, 2, 2)
    assert MeanAndHighest()(maps).tolist() == [[3, 2, 6, 8]]


@pytest.mark.parametrize(("height", "width"), [(4, 300), (300, 5), (2, 40), (1, 9), (64, 12)])
def test_a_long_picture_becomes_a_logit_per_class_too(height, width):
    info = Info(classes=["a", "b"], channels=1, height=height, width=width)
    model = build_model(Config(width=4), info)
    assert model(torch.zeros(3, 1, height, width)).shape == (3, 2)


def test_the_model_normalises_its_input_by_itself_and_saves_by_what():
    model = build_model(Config(), DIGITS).eval()
    plain = build_model(Config(), Info(classes=["a", "b"], channels=1, height=8, width=8)).eval()
    saved = model.state_dict()
    assert saved["mean"].flatten().tolist() == pytest.approx([0.3])
    assert saved["std"].flatten().tolist() == pytest.approx([0.4])
    neutral = {"mean": torch.zeros(1, 1, 1, 1), "std": torch.ones(1, 1, 1, 1)}
    plain.load_state_dict({**saved, **neutral})
    pictures = torch.rand(4, 1, 8, 8)
    torch.testing.assert_close(model(pictures), plain((pictures - 0.3) / 0.4))


@pytest.mark.parametrize(("info", "photo"), [(DIGITS, False), (COLOUR, True)])
def test_only_training_varies_the_pictures_and_smooths(info, photo):
    config = Config(photo=photo)
    model = build_model(config, info)
    batch = torch.rand(64, info.channels, info.height, info.width), torch.zeros(64).long()
    losses, logits = compute_loss(model.eval(), batch, config)
    again, _ = compute_loss(model, batch, config)
    assert torch.equal(losses, again)
    assert (losses.shape, logits.shape) == ((64,), (64, 2))
    torch.testing.assert_close(losses, -logits.log_softmax(dim=1)[:, 0])
    first, logits = compute_loss(model.train(), batch, config)
    second, _ = compute_loss(model, batch, config)
    assert not torch.equal(first, second)
    chances = logits.log_softmax(dim=1)
    torch.testing.assert_close(first, -0.95 * chances[:, 0] - 0.05 * chances[:, 1])


def test_training_without_augmentation_sees_the_pictures_as_they_are():
    config = Config(max_shift=0)
    model = build_model(config, DIGITS).train()
    batch = torch.rand(64, 1, 8, 8), torch.zeros(64).long()
    first, _ = compute_loss(model, batch, config)
    second, _ = compute_loss(model, batch, config)
    assert torch.equal(first, second)


def shift_by_two(pictures):
    return shift(pictures, 2)


def crop_seven_tenths(pictures):
    return crop(pictures, least=0.7)


def colour_by_three_tenths(pictures):
    return change_colour(pictures, most=0.3)


def contrast_by_three_tenths(pictures):
    return change_contrast(pictures, most=0.3)


def brightness_by_three_tenths(pictures):
    return change_brightness(pictures, most=0.3)


def as_photos(pictures):
    return augment(pictures, Config(photo=True))


def as_digits(pictures):
    return augment(pictures, Config(max_shift=2))


ALL = [
    shift_by_two,
    mirror,
    crop_seven_tenths,
    colour_by_three_tenths,
    contrast_by_three_tenths,
    brightness_by_three_tenths,
    as_photos,
    as_digits,
]


@pytest.mark.parametrize("vary", ALL)
def test_the_same_seed_varies_alike_and_each_picture_differently(vary):
    pictures = torch.rand(1, 3, 20, 12).expand(40, -1, -1, -1)
    before = pictures.clone()
    torch.manual_seed(1)
    first = vary(pictures)
    other = vary(pictures)
    torch.manual_seed(1)
    assert torch.equal(first, vary(pictures))
    assert not torch.equal(first, other)
    assert (first.shape, first.dtype) == (pictures.shape, torch.float32)
    assert torch.equal(pictures, before)  # the data set is not changed
    assert len(first.flatten(1).unique(dim=0)) >= (2 if vary is mirror else 15)


def test_random_factors_are_one_for_each_picture_between_the_two():
    factors = random_factors(torch.zeros(1000, 3, 2, 2), 0.7, 1.3)
    assert factors.shape == (1000, 1, 1, 1)
    assert 0.7 <= factors.min() < 0.72
    assert 1.28 < factors.max() <= 1.3


def test_shift_moves_a_picture_by_so_many_pixels_at_the_most():
    pictures = torch.zeros(200, 1, 8, 8)
    pictures[:, :, 4, 4] = 1
    spots = shift(pictures, 1).flatten(1).argmax(dim=1)
    assert set(spots.tolist()) == {row * 8 + column for row in (3, 4, 5) for column in (3, 4, 5)}
    assert torch.equal(shift(pictures, 0), pictures)


def test_shift_moves_all_colours_together():
    pictures = torch.rand(1, 1, 9, 7).expand(50, 3, -1, -1)
    moved = shift(pictures, 3)
    assert torch.equal(moved[:, 0], moved[:, 1])
    assert torch.equal(moved[:, 0], moved[:, 2])


def test_half_of_the_pictures_are_mirrored_and_none_is_upside_down():
    ramp = torch.linspace(0.1, 0.9, 32).expand(400, 3, 32, 32)  # it grows to the right
    mirrored = mirror(ramp)
    is_turned = mirrored[:, 0, 16, 0] > mirrored[:, 0, 16, -1]
    assert 150 < is_turned.sum() < 250
    assert torch.equal(mirrored[is_turned], ramp.flip(3)[is_turned])
    assert torch.equal(mirrored[~is_turned], ramp[~is_turned])
    assert torch.equal(mirror(ramp.mT), ramp.mT)  # it grows downwards


def test_pictures_are_cropped_to_seven_tenths_at_the_least_and_keep_their_proportions():
    square = torch.zeros(400, 3, 32, 32)
    square[:, :, 12:20, 12:20] = 1
    cropped = crop(square, least=0.7).mean(dim=1)
    high = cropped.amax(dim=2)  # (N, H)
    wide = cropped.amax(dim=1)
    torch.testing.assert_close(high.sum(1), wide.sum(1), atol=0.3, rtol=0)
    assert 7.9 < wide.sum(1).min() < 8.3
    assert 11 < wide.sum(1).max() < 8 / 0.7 + 0.3
    places = torch.arange(32) + 0.5
    for line in (high, wide):
        middle = (line * places).sum(1) / line.sum(1)
        assert 16 - 16 * 0.3 / 0.7 < middle.min() < 12
        assert 20 < middle.max() < 16 + 16 * 0.3 / 0.7


def test_nothing_is_cropped_where_a_piece_is_the_whole_picture():
    pictures = torch.rand(4, 3, 9, 7)
    torch.testing.assert_close(crop(pictures, least=1.0), pictures)


def test_colours_become_stronger_or_weaker_and_grey_stays_grey():
    grey = torch.full((50, 3, 4, 4), 0.4)
    torch.testing.assert_close(change_colour(grey, most=0.3), grey)
    colours = torch.tensor([0.6, 0.4, 0.2]).view(1, 3, 1, 1).expand(400, 3, 4, 4)
    changed = change_colour(colours, most=0.3)
    torch.testing.assert_close(changed.mean(dim=1), colours.mean(dim=1))  # as light as before
    distance = changed[:, 0, 0, 0] - changed[:, 2, 0, 0]
    assert 0.4 * 0.7 <= distance.min() < 0.4 * 0.72
    assert 0.4 * 1.28 < distance.max() <= 0.4 * 1.3 + 1e-6


def test_contrast_changes_around_the_mean_of_each_picture():
    pictures = torch.rand(400, 3, 4, 4)
    changed = change_contrast(pictures, most=0.3)
    sides = (1, 2, 3)
    torch.testing.assert_close(changed.mean(dim=sides), pictures.mean(dim=sides))
    factors = changed.std(dim=sides) / pictures.std(dim=sides)
    assert 0.699 < factors.min() < 0.72
    assert 1.28 < factors.max() < 1.301


def test_brightness_changes_all_pixels_of_a_picture_alike():
    changed = change_brightness(torch.full((400, 3, 4, 4), 0.4), most=0.3)
    light = changed[:, 0, 0, 0]
    torch.testing.assert_close(changed, light.view(-1, 1, 1, 1).expand_as(changed))
    assert 0.4 * 0.7 <= light.min() < 0.4 * 0.72
    assert 0.4 * 1.28 < light.max() <= 0.4 * 1.3 + 1e-6


def test_a_photo_of_one_colour_stays_one():
    flat = torch.tensor([0.8, 0.4, 0.2]).view(1, 3, 1, 1).expand(100, 3, 16, 16)
    photos = as_photos(flat)
    torch.testing.assert_close(photos, photos[:, :, 8:9, 8:9].expand_as(photos))
    assert (photos[:, 0] > photos[:, 1]).all()
    assert (photos[:, 1] > photos[:, 2]).all()


def test_white_and_black_stay_in_range():
    extremes = torch.tensor([0.0, 1.0]).view(2, 1, 1, 1).expand(2, 3, 8, 8)
    black, white = as_photos(extremes)
    assert black.max() == 0
    assert 0.89 < white.min() <= white.max() <= 1
