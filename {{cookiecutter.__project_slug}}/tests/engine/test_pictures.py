"""Pictures in folders: which part of the data they are, how they are read, the cache file."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from commands.settings import UserError
from loading.pictures import SUFFIXES, load_folder, read_picture


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    """The pictures are in data/ of an empty folder, the cache will be in its runs/."""
    monkeypatch.chdir(tmp_path)


TEN = range(10)


def fill(folder, numbers=TEN, suffix="png"):
    """Make pictures whose red is the number in their name."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number in numbers:
        Image.new("RGB", (6, 6), (number, 0, 0)).save(Path(folder, f"{number:03}.{suffix}"))
    return set(numbers)


def load(size=4, skip_bad=False):
    """Return the numbers of the pictures in each part; check that each has its own label."""
    images, labels, classes, parts, _, _ = load_folder(Path("data"), size, skip_bad)
    reds = images[:, 0, 0, 0].tolist()
    for row in [row for part in parts for row in part.tolist()]:
        (path,) = Path("data").rglob(f"{reds[row]:03}.*")
        assert classes[labels[row]] in path.parts
    return [{reds[row] for row in part.tolist()} for part in parts]


def spoil(path, kind):
    Image.effect_noise((64, 64), 50).convert("RGB").save(path)
    data = bytearray(Path(path).read_bytes())
    if kind == "bomb":  # a GIF that says it is 65535 by 65535 pixels
        data[6:10] = b"\xff" * 4
    Path(path).write_bytes({"empty": b"", "text": b"text", "cut off": data[:900]}.get(kind, data))


def test_one_folder_for_each_class_is_cut_into_60_20_and_20_percent_of_it():
    cats, dogs = fill("data/검은 고양이"), fill("data/dog", range(10, 30))
    train, val, test = load()
    assert [len(part & cats) for part in (train, val, test)] == [6, 2, 2]
    assert [len(part & dogs) for part in (train, val, test)] == [12, 4, 4]
    assert train | val | test == cats | dogs


@pytest.mark.parametrize("names", ["train val test", "Train valid TEST", "train validation Test"])
def test_parts_that_the_user_made_stay_as_they_are(names):
    made = []
    for start, name in zip((0, 20, 40), names.split(), strict=True):
        cats = fill(f"data/{name}/cat", range(start, start + 10 - start // 10))
        made.append(cats | fill(f"data/{name}/dog", range(start + 10, start + 15)))
    assert load() == made


@pytest.mark.parametrize("given", ["", "val", "test"])
def test_a_part_that_is_missing_is_cut_out_of_train(given):
    mine = fill("data/train/cat") | fill("data/train/dog", range(10, 20))
    others = set()
    if given:
        others = fill(f"data/{given}/cat", range(50, 53)) | fill(f"data/{given}/dog", [60])
    parts = dict(zip(("train", "val", "test"), load(), strict=True))
    assert set.union(*parts.values()) == mine | others
    assert len(parts["train"]) == (16 if given else 12)
    for name in ("val", "test"):
        assert len(parts[name] & mine) == (0 if name == given else 4)
        assert len(parts[name] & others) == (4 if name == given else 0)


def test_a_class_called_train_that_holds_pictures_is_just_a_class():
    mine = fill("data/train") | fill("data/test", range(10, 20))
    assert set.union(*load()) == mine
    assert load_folder(Path("data"), 4, False)[2] == ["test", "train"]


def test_folders_in_a_class_belong_to_it_and_other_files_are_left_alone():
    mine = fill("data/cat") | fill("data/dog/big", range(10, 15))
    mine |= fill("data/dog/작은/개", range(15, 20), suffix="BMP")
    Path("data/dog/notes.txt").write_text("no picture", encoding="utf-8")
    fill("data/.trash", range(30, 40))
    fill("data/__MACOSX", range(30, 40))
    assert set.union(*load()) == mine


@pytest.mark.parametrize(
    ("folders", "message"),
    [
        ({}, "data is no folder"),
        ({"data": 3}, "data has no subfolders"),
        ({"data/cat": 9}, "data has one class only, cat"),
        ({"data/cat": 9, "data/dog": 0}, "dog holds no picture .*png"),
        ({"data/cat": 9, "data/dog": 1}, "class 'dog' in data has 1 examples: it needs 3 or more"),
        ({"data/train/cat": 9, "data/test/cat": 9, "data/test/dog": 9}, "'dog' .* no picture to"),
    ],
)
def test_a_folder_that_cannot_be_learned_from_is_refused_and_nothing_written(folders, message):
    for folder, count in folders.items():
        fill(folder, range(count))
    with pytest.raises(UserError, match=message):
        load_folder(Path("data"), 4, False)
    assert not Path("runs").exists()


@pytest.mark.parametrize("bad", ["cut off.jpg", "text.png", "empty.webp", "bomb.gif"])
def test_a_picture_that_cannot_be_read_is_named_and_nothing_left(bad):
    fill("data/cat")
    fill("data/dog", range(10, 20))
    spoil(f"data/dog/{bad}", bad.split(".")[0])
    with pytest.raises(UserError, match=f"{bad} cannot be read .*; --skip-bad goes on without"):
        load()
    assert not Path("runs").exists()
    Path("runs/earlier").mkdir(parents=True)
    with pytest.raises(UserError, match=bad):
        load()
    assert [path.name for path in Path("runs").rglob("*")] == ["earlier"]


def test_skip_bad_goes_on_without_the_bad_ones_and_names_them_each_time():
    mine = fill("data/cat") | fill("data/dog", range(10, 20))
    spoil("data/cat/004.png", "text")
    spoil("data/dog/bad.jpg", "cut off")
    for _ in range(2):  # the second time from the cache
        assert set.union(*load(skip_bad=True)) == mine - {4}
        notes = load_folder(Path("data"), 4, True)[4]
        assert [Path(note.split(": ")[1]).name for note in notes[1:]] == ["004.png", "bad.jpg"]
    with pytest.raises(UserError, match=r"004.png cannot be read"):
        load()
    for path in Path("data/dog").iterdir():
        spoil(path, "text")
    with pytest.raises(UserError, match="class 'dog' in data has no picture to train with"):
        load(skip_bad=True)


def test_a_second_training_reads_the_cache_and_not_the_pictures():
    fill("data/cat")
    fill("data/dog", range(10, 20))
    first = load()
    for path in Path("data").rglob("*.png"):  # as large and as old as it was, but no picture
        before = path.stat()
        path.write_bytes(bytes(before.st_size))
        os.utime(path, ns=(0, before.st_mtime_ns))
    assert load() == first
    assert len(list(Path("runs/cache").iterdir())) == 1
    with pytest.raises(UserError, match="cannot be read"):
        load(size=5)  # this needs another cache


@pytest.mark.parametrize("change", ["size", "time", "name"])
def test_a_changed_picture_is_read_again(change):
    mine = fill("data/cat", suffix="bmp") | fill("data/dog", range(10, 20), suffix="bmp")
    for path in Path("data").rglob("*.bmp"):  # all of the same size and time
        os.utime(path, ns=(0, 0))
    load()
    path = Path("data/cat/003.bmp")
    if change == "name":
        path.rename("data/dog/003.bmp")
    else:
        Image.new("RGB", (7, 7) if change == "size" else (6, 6), (3, 200, 0)).save(path)
        os.utime(path, ns=(0, 0 if change == "size" else 10**9))
    assert set.union(*load()) == mine
    assert load_folder(Path("data"), 4, False)[0][:, 1].max() == (0 if change == "name" else 200)


def halves(size=(64, 64)):
    picture = Image.new("RGB", size, "red")  # on the left
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return picture


@pytest.mark.parametrize("suffix", [*sorted(SUFFIXES), ".JPG"])
def test_every_format_is_read_in_colour_and_in_grey(suffix):
    path = Path(f"picture{suffix}")
    more = {".gif": {"save_all": True, "append_images": [Image.new("RGB", (64, 64))]}}
    halves().save(path, **more.get(suffix, {}))  # of a GIF, the first of two pictures counts
    image = read_picture(path, 3, 8, 8)
    assert (image.shape, image.dtype) == ((3, 8, 8), np.uint8)
    assert np.abs(image[:, :, [0, 7]].mean(1).T - [[255, 0, 0], [0, 0, 255]]).max() < 6
    assert np.abs(read_picture(path, 1, 8, 8)[0, 4, [0, 7]] - [76.0, 29.0]).max() < 6


@pytest.mark.parametrize(
    ("mode", "color", "seen"),
    [
        ("I;16", 70 * 256 + 9, [70, 70, 70]),
        ("LA", (70, 0), [255, 255, 255]),
        ("RGBA", (0, 100, 200, 0), [255, 255, 255]),
        ("RGBA", (0, 100, 200, 51), [204, 224, 244]),
        ("CMYK", (0, 255, 255, 0), [255, 0, 0]),
    ],
)
def test_every_kind_of_pixel_is_understood(mode, color, seen):
    Image.new(mode, (9, 9), color).save("picture.tif")
    assert read_picture(Path("picture.tif"), 3, 4, 4)[:, 2, 2].tolist() == seen


@pytest.mark.parametrize(("hidden", "seen"), [(None, [0, 200, 9]), (1, [255, 255, 255])])
@pytest.mark.parametrize("name", ["picture.png", "picture.gif"])
def test_a_palette_is_looked_up_and_its_transparent_colour_is_white(name, hidden, seen):
    picture = Image.new("P", (9, 9), 1)
    picture.putpalette([0, 0, 0, 0, 200, 9])
    picture.save(name, **({} if hidden is None else {"transparency": hidden}))
    assert read_picture(Path(name), 3, 4, 4)[:, 2, 2].tolist() == seen


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_a_photo_taken_sideways_is_turned_upright_and_keeps_its_proportions(suffix):
    path, exif = Path(f"photo.{suffix}"), Image.Exif()
    exif[0x112] = 6  # the camera was turned to the left
    halves((64, 32)).save(path, exif=exif)
    image = read_picture(path, 3, 16, 16).astype(int)
    assert image[0, 3, 8] > 200 > 50 > image[2, 3, 8]  # red above
    assert image[2, 12, 8] > 200 > 50 > image[0, 12, 8]  # blue below
    assert image[:, :, [1, 14]].max() < 50  # nothing left and right of it
