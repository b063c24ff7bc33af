"""The network and the augmentation: shapes, sizes, what training does with its images."""

import pytest
import torch

from config import Config
from model import ConvNet, build_model, score_batch, shift, vary_photos

DIGITS = {"channels": 1, "height": 8, "width": 8, "mean": [78.0], "std": [95.0]}
COLOUR = {"channels": 3, "height": 16, "width": 16, "mean": [99.0] * 3, "std": [50.0] * 3}


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("height", "width"), [(8, 8), (28, 28), (33, 20), (3, 3)])
@pytest.mark.parametrize("num_classes", [2, 17])
def test_images_of_any_size_become_one_logit_per_class(channels, height, width, num_classes):
    model = ConvNet(channels, height, width, [0.0] * channels, [1.0] * channels, num_classes, 4)
    assert model(torch.zeros(5, channels, height, width)).shape == (5, num_classes)


def test_the_model_normalises_its_input_by_itself():
    model = build_model(Config(), ["a", "b"], DIGITS).eval()
    plain = build_model(Config(), ["a", "b"], DIGITS | {"mean": [0.0], "std": [1.0]}).eval()
    plain.load_state_dict({**model.state_dict(), "mean": plain.mean, "std": plain.std})
    images = torch.randint(256, (4, 1, 8, 8), dtype=torch.uint8)
    torch.testing.assert_close(model(images), plain((images - 78.0) / 95.0))


@pytest.mark.parametrize(("inputs", "photo"), [(DIGITS, False), (COLOUR, True)])
def test_only_training_varies_the_images_and_smooths(inputs, photo):
    config = Config(photo=photo)
    model = build_model(config, ["a", "b"], inputs)
    shape = (64, inputs["channels"], inputs["height"], inputs["width"])
    batch = [torch.randint(256, shape, dtype=torch.uint8), torch.zeros(64, dtype=torch.long)]
    losses, logits = score_batch(model.eval(), batch, config)
    again, _ = score_batch(model, batch, config)
    assert torch.equal(losses, again)
    assert (losses.shape, logits.shape) == ((64,), (64, 2))
    torch.testing.assert_close(losses, -logits.log_softmax(dim=1)[:, 0])
    first, logits = score_batch(model.train(), batch, config)
    second, _ = score_batch(model, batch, config)
    assert not torch.equal(first, second)
    chances = logits.log_softmax(dim=1)
    torch.testing.assert_close(first, -0.95 * chances[:, 0] - 0.05 * chances[:, 1])


def test_training_without_augmentation_sees_the_images_as_they_are():
    model = build_model(Config(), ["a", "b"], DIGITS).train()
    batch = [torch.randint(256, (64, 1, 8, 8), dtype=torch.uint8), torch.zeros(64).long()]
    first, second = (score_batch(model, batch, Config(max_shift=0))[0] for _ in range(2))
    assert torch.equal(first, second)


@pytest.mark.parametrize("vary", [lambda images: shift(images, 2), vary_photos])
def test_the_same_seed_varies_alike_and_each_image_differently(vary):
    images = torch.randint(256, (1, 3, 20, 12), dtype=torch.uint8).expand(40, -1, -1, -1)
    torch.manual_seed(1)
    first = vary(images)
    other = vary(images)
    torch.manual_seed(1)
    assert torch.equal(first, vary(images))
    assert not torch.equal(first, other)
    assert first.shape == images.shape
    assert 0 <= first.min() < 50 < 200 < first.max() <= 255
    assert len(first.flatten(1).unique(dim=0)) > 15


def test_shift_moves_an_image_by_so_many_pixels_at_the_most():
    image = torch.zeros(200, 1, 8, 8)
    image[:, :, 4, 4] = 1
    spots = shift(image, 1).flatten(1).argmax(dim=1)
    assert set(spots.tolist()) == {row * 8 + column for row in (3, 4, 5) for column in (3, 4, 5)}
    assert torch.equal(shift(image, 0), image)


def test_shift_moves_all_colours_together():
    images = torch.randint(1, 256, (1, 1, 9, 7), dtype=torch.uint8).expand(50, 3, -1, -1)
    moved = shift(images, 3)
    assert torch.equal(moved[:, 0], moved[:, 1])
    assert torch.equal(moved[:, 0], moved[:, 2])


def test_half_of_the_photos_are_mirrored_and_none_is_upside_down():
    ramp = torch.linspace(40, 200, 32).expand(400, 3, 32, 32)  # it grows to the right
    photos = vary_photos(ramp)
    assert 150 < (photos[:, 0, 16, 0] > photos[:, 0, 16, -1]).sum() < 250
    photos = vary_photos(ramp.mT)  # it grows downwards
    assert (photos[:, 0, 0, 16] < photos[:, 0, -1, 16]).all()


def test_photos_are_cropped_to_seven_tenths_at_the_least_and_keep_their_proportions():
    square = torch.zeros(400, 3, 32, 32)
    square[:, :, 12:20, 12:20] = 100
    photos = vary_photos(square).mean(1)
    photos = photos - photos.amin((1, 2), keepdim=True)
    high, wide = (photos.amax(side) / photos.amax((1, 2)).view(-1, 1) for side in (2, 1))
    torch.testing.assert_close(high.sum(1), wide.sum(1), atol=0.3, rtol=0)
    assert 7.9 < wide.sum(1).min() < 8.3
    assert 11 < wide.sum(1).max() < 8 / 0.7 + 0.3
    places = torch.arange(32) + 0.5
    for line in (high, wide):
        middle = (line * places).sum(1) / line.sum(1)
        assert 16 - 16 * 0.3 / 0.7 < middle.min() < 12
        assert 20 < middle.max() < 16 + 16 * 0.3 / 0.7


def test_the_colours_of_photos_change_by_up_to_three_tenths():
    grey = vary_photos(torch.full((400, 3, 8, 8), 100, dtype=torch.uint8))
    light = grey[:, :, 4, 4]
    torch.testing.assert_close(light, light[:, :1].expand(-1, 3))  # grey stays grey
    assert 69 < light.min() < 75
    assert 125 < light.max() < 131


def test_a_photo_of_one_colour_stays_one():
    flat = torch.tensor([200, 100, 50], dtype=torch.uint8).view(1, 3, 1, 1).expand(100, 3, 16, 16)
    photos = vary_photos(flat)
    torch.testing.assert_close(photos, photos[:, :, 8:9, 8:9].expand_as(photos))
    assert (photos[:, 0] > photos[:, 1]).all()
    assert (photos[:, 1] > photos[:, 2]).all()


def test_white_and_black_stay_in_range():
    extremes = torch.tensor([0, 255], dtype=torch.uint8).view(2, 1, 1, 1).expand(2, 3, 8, 8)
    black, white = vary_photos(extremes)
    assert black.max() == 0
    assert 178 < white.min() <= white.max() <= 255
