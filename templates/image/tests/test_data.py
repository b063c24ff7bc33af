"""The images: splits, augmentation, pictures from files."""

import numpy as np
import pytest
import torch
from PIL import Image

from config import Config
from data import load_splits, read_image, save_examples, shift


@pytest.fixture(scope="module")
def splits():
    return load_splits(Config())


def images(dataset):
    return {image.numpy().tobytes() for image in dataset.tensors[0]}


def test_a_batch_is_images_and_labels(splits):
    batch, labels = splits["train"][torch.tensor([3, 1, 4])]
    assert (batch.shape, batch.dtype) == ((3, 1, 8, 8), torch.uint8)
    assert (labels.shape, labels.dtype) == ((3,), torch.int64)
    assert batch.max() == 255


def test_no_image_is_in_two_splits(splits):
    train, val, test = (images(splits[name]) for name in ("train", "val", "test"))
    assert not train & val
    assert not train & test
    assert not val & test
    assert len(train) + len(val) + len(test) == 1797


def test_every_split_has_every_class_in_the_same_share(splits):
    for name in ("train", "val", "test"):
        labels = splits[name].tensors[1]
        shares = labels.bincount(minlength=10) / len(labels)
        assert shares.min() > 0.09
        assert shares.max() < 0.11


def test_the_statistics_are_those_of_the_training_images(splits):
    pixels = splits["train"].tensors[0].double()
    assert splits["inputs"]["mean"] == [pixels.mean().item()]
    assert splits["inputs"]["std"] == [pixels.std().item()]


def test_the_seed_of_a_training_does_not_change_the_split(splits):
    other = load_splits(Config(seed=7))
    assert torch.equal(splits["test"].tensors[0], other["test"].tensors[0])


def test_shift_moves_an_image_by_a_pixel_at_the_most():
    image = torch.zeros(200, 1, 8, 8)
    image[:, :, 4, 4] = 1
    spots = shift(image, 1).flatten(1).argmax(dim=1)
    assert set(spots.tolist()) == {row * 8 + column for row in (3, 4, 5) for column in (3, 4, 5)}
    assert torch.equal(shift(image, 0), image)


def test_an_example_left_as_a_file_is_read_back_unchanged(splits, tmp_path):
    save_examples(splits["test"], splits["classes"], tmp_path)
    paths = sorted(tmp_path.iterdir())
    assert len(paths) == 5
    for number, path in enumerate(paths):
        assert torch.equal(read_image(path, splits["inputs"]), splits["test"].tensors[0][number])


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
@pytest.mark.parametrize("size", [(8, 8), (5, 3), (300, 200)])
def test_any_picture_becomes_one_of_the_training_kind(splits, tmp_path, mode, size):
    Image.new(mode, size).save(tmp_path / "picture.png")
    image = read_image(tmp_path / "picture.png", splits["inputs"])
    assert (image.shape, image.dtype) == ((1, 8, 8), torch.uint8)
    in_colour = read_image(tmp_path / "picture.png", splits["inputs"] | {"channels": 3})
    assert in_colour.shape == (3, 8, 8)


def test_ink_on_paper_is_turned_into_light_on_dark(splits, tmp_path):
    paper = np.full((64, 64), 255, np.uint8)
    paper[16:48, 24:40] = 0
    Image.fromarray(paper).save(tmp_path / "paper.png")
    image = read_image(tmp_path / "paper.png", splits["inputs"])
    assert image[0, 0, 0] == 0
    assert image[0, 4, 4] == 255
