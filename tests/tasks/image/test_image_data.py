"""The images: splits, statistics, batches, your own pictures, pictures to answer for."""

import sys
from contextlib import suppress
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from checkpoint import check_data
from commands.settings import UserError
from config import Config
from data import load_splits, read_inputs, save_examples, show_examples
from loading.splits import describe

PARTS = ("train", "val", "test")


@pytest.fixture(scope="module")
def splits():
    return load_splits(Config())


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Pictures in three parts, the training ones dark, and the folder to load them from."""
    monkeypatch.chdir(tmp_path)
    for part, light in zip(PARTS, (0, 120, 180), strict=True):
        for name in ("검은 고양이", "dog"):
            folder = Path("my data", part, name)
            folder.mkdir(parents=True)
            for number in range({"train": 9, "val": 3, "test": 2}[part]):
                color = (light + 5 * number, light, 60)
                Image.new("RGB", (7, 7), color).save(folder / f"{number}.png")
    return Config(data="my data", image_size=6)


def test_a_batch_is_images_and_labels(splits):
    batch, labels = splits["train"][torch.tensor([3, 1, 4])]
    assert (batch.shape, batch.dtype) == ((3, 1, 8, 8), torch.uint8)
    assert (labels.shape, labels.dtype) == ((3,), torch.int64)
    assert batch.max() == 255


def test_no_image_is_in_two_splits(splits):
    train, val, test = (
        {image.numpy().tobytes() for image in splits[part][torch.arange(len(splits[part]))][0]}
        for part in PARTS
    )
    assert not train & val
    assert not train & test
    assert not val & test
    assert len(train) + len(val) + len(test) == 1797


def test_every_split_has_every_class_in_the_same_share(splits):
    for part in PARTS:
        labels = splits[part].tensors[-1]
        shares = labels.bincount(minlength=10) / len(labels)
        assert shares.min() > 0.09
        assert shares.max() < 0.11


def test_the_rows_that_are_asked_for_come_in_that_order(splits):
    rows = torch.tensor([300, 0, 7, 7])
    for part in PARTS:
        batch, labels = splits[part][rows]
        for place, row in enumerate(rows):
            image, label = splits[part][row.view(1)]
            assert torch.equal(batch[place], image[0])
            assert labels[place] == label
    images, labels = splits["test"][torch.arange(len(splits["test"]))]
    assert torch.equal(images, splits["test"].images[splits["test"].tensors[0]])
    assert torch.equal(labels, splits["test"].tensors[-1])


def test_the_statistics_are_those_of_the_training_images(splits):
    pixels = splits["train"][torch.arange(len(splits["train"]))][0].double()
    assert splits["inputs"]["mean"] == pytest.approx([pixels.mean().item()])
    assert splits["inputs"]["std"] == pytest.approx([pixels.std().item()], rel=1e-3)
    everything = splits["train"].images.double().mean().item()
    assert splits["inputs"]["mean"] != pytest.approx([everything])


def test_a_run_goes_on_with_another_number_of_threads(splits):
    before = torch.get_num_threads()  # the last bits of the statistics may differ then
    for threads in (1, 2, 4):
        torch.set_num_threads(threads)
        check_data(load_splits(Config()), splits, Path("runs"))
    torch.set_num_threads(before)


def test_the_seed_of_a_training_does_not_change_the_split(splits):
    other = load_splits(Config(seed=7))
    assert torch.equal(splits["test"].tensors[0], other["test"].tensors[0])


def test_own_pictures_are_batches_in_colour_and_described(own, capsys):
    splits = load_splits(own)
    assert splits["classes"] == ["dog", "검은 고양이"]
    assert [len(splits[part]) for part in PARTS] == [18, 6, 4]
    batch, labels = splits["val"][torch.tensor([5, 0])]
    assert batch[:, :, 3, 3].tolist() == [[130, 120, 60], [120, 120, 60]]
    assert labels.tolist() == [1, 0]
    describe(splits)
    assert "pictures: 28 in my data, made 6 by 6 pixels" in capsys.readouterr().out


def test_the_statistics_of_own_pictures_are_those_of_their_training_part(own):
    inputs = load_splits(own)["inputs"]
    assert (inputs["channels"], inputs["height"], inputs["width"]) == (3, 6, 6)
    assert inputs["mean"] == pytest.approx([20, 0, 60])
    assert inputs["std"] == pytest.approx([12.95, 1, 1], abs=0.1)  # at least 1, to divide by


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_own_pictures_stay_in_the_cache_file_until_a_batch_needs_them(own):
    splits = load_splits(own)
    (cache,) = Path("runs/cache").iterdir()
    assert str(cache) in Path("/proc/self/maps").read_text(encoding="utf-8")
    assert splits["train"].images.data_ptr() == splits["test"].images.data_ptr()


def test_own_pictures_can_be_sent_to_processes_that_begin_afresh(own):
    assert ForkingPickler.dumps(load_splits(own)["train"])  # macOS, Windows and newer Pythons do


def test_examples_left_as_files_are_read_back_unchanged(splits, tmp_path):
    save_examples(splits["test"], splits, tmp_path)
    paths = sorted(tmp_path.iterdir())
    images, labels = splits["test"][torch.linspace(0, len(splits["test"]) - 1, 5).long()]
    assert [path.name for path in paths] == [f"{i}_is_{n}.png" for i, n in enumerate(labels)]
    names, columns, batch = read_inputs((str(tmp_path),), splits)
    assert names == columns["picture"] == paths
    assert torch.equal(batch[0], images)


def test_people_see_a_picture_as_it_is_in_the_batch(splits, own):
    colour = load_splits(own)
    for parts, shape in ((splits, (8, 8)), (colour, (6, 6, 3))):
        (picture,) = show_examples(parts["test"], torch.tensor([1]), parts)
        assert (picture.shape, picture.dtype) == (shape, np.uint8)
    assert (picture == colour["test"][torch.tensor([1])][0][0].permute(1, 2, 0).numpy()).all()


def test_fewer_examples_than_five_are_left_as_files_too(own, tmp_path):
    splits = load_splits(own)
    folder = tmp_path / "examples"
    folder.mkdir()
    save_examples(splits["test"], splits, folder)
    names = sorted(path.stem for path in folder.iterdir())
    assert names == ["0_is_dog", "1_is_dog", "2_is_검은 고양이", "3_is_검은 고양이"]


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
@pytest.mark.parametrize("size", [(8, 8), (5, 3), (300, 20), (600, 900)])
def test_any_picture_becomes_one_of_the_training_kind(splits, tmp_path, mode, size):
    Image.new(mode, size, 1).save(tmp_path / "picture.png")
    for channels in (1, 3):
        state = {"inputs": splits["inputs"] | {"channels": channels}}
        _, _, (images,) = read_inputs((str(tmp_path), str(tmp_path / "picture.png")), state)
        assert (images.shape, images.dtype) == ((2, channels, 8, 8), torch.uint8)


def test_a_picture_that_is_not_square_stands_whole_in_the_middle(splits, tmp_path):
    Image.new("L", (300, 150), 100).save(tmp_path / "wide.png")
    _, _, (images,) = read_inputs((str(tmp_path),), splits)
    assert images[0, 0].tolist() == [[0] * 8] * 2 + [[100] * 8] * 4 + [[0] * 8] * 2


def test_ink_on_paper_is_turned_into_light_on_dark(splits, tmp_path):
    paper = np.full((64, 64), 255, np.uint8)
    paper[16:48, 24:40] = 0
    Image.fromarray(paper).save(tmp_path / "paper.png")
    _, _, (images,) = read_inputs((str(tmp_path / "paper.png"),), splits)
    assert images[0, 0, 0, 0] == 0
    assert images[0, 0, 4, 4] == 255
    light = {"inputs": splits["inputs"] | {"mean": [150.0]}}  # if training had ink on paper too
    _, _, (images,) = read_inputs((str(tmp_path / "paper.png"),), light)
    assert images[0, 0, 4, 4] == 0


def test_a_photo_with_damaged_camera_notes_is_read_or_refused_in_one_line(splits, tmp_path):
    notes = Image.Exif()
    notes[0x112], notes[0x10F] = 6, "the maker"
    Image.new("L", (9, 9), 200).save(tmp_path / "photo.jpg", exif=notes)
    content = (tmp_path / "photo.jpg").read_bytes()
    maker, damaged = b"\x01\x0f\0\2\0\0\0\x0a", b"\x01\x0f\0\5\0\0\0\1"  # a text, a fraction
    assert content.count(maker) == 1
    (tmp_path / "photo.jpg").write_bytes(content.replace(maker, damaged))
    with suppress(UserError):
        read_inputs((str(tmp_path),), splits)


def test_a_folder_without_pictures_is_named(splits, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with pytest.raises(UserError, match=f"no picture in .*{tmp_path.name}"):
        read_inputs((str(tmp_path),), splits)
