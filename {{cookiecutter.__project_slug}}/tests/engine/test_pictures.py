"""Pictures in folders: which part of the data they are, how they are read, the cache file."""

import os
import shutil
from importlib import util
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.dataset import Info, InMemory
from engine.pictures import SUFFIXES, find_pictures, list_pictures, read_all, read_picture
from engine.settings import UserError

TEN = range(10)


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    """The pictures are in data/ of an empty folder, the cache will be in its runs/."""
    monkeypatch.chdir(tmp_path)


def read_input(path, info):
    """Return a picture file as a model takes it: (3, 4, 4) float32 in 0..1."""
    return torch.from_numpy(read_picture(path, 3, 4, 4)).float() / 255


def fill(folder, numbers=TEN, suffix="png"):
    """Make pictures whose red is the number in their name."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number in numbers:
        Image.new("RGB", (6, 6), (number, 0, 0)).save(Path(folder, f"{number:03}.{suffix}"))
    return set(numbers)


def read(skip_bad=False, read_input=read_input):
    """Return the pictures in data/, and what was found."""
    found = find_pictures(Path("data"))
    return read_all(found, read_input, Info(classes=found.classes), skip_bad), found


def load(skip_bad=False):
    """Return the numbers of the pictures in each part; check that each has its own label."""
    pictures, found = read(skip_bad)
    reds = pictures.tensor[:, 0, 0, 0].tolist()
    parts = []
    for part in pictures.split:
        for row in part.tolist():
            (path,) = Path("data").rglob(f"{reds[row]:03}.*")
            assert found.classes[found.labels[row]] in path.parts
        parts.append({reds[row] for row in part.tolist()})
    return parts


def spoil(path, kind):
    Image.effect_noise((64, 64), 50).convert("RGB").save(path)
    content = bytearray(Path(path).read_bytes())
    if kind == "bomb":  # a GIF that says it is 65535 by 65535 pixels
        content[6:10] = b"\xff" * 4
    spoilt = {"empty": b"", "text": b"text", "cut off": content[:900]}
    Path(path).write_bytes(spoilt.get(kind, content))


def cache_files():
    return sorted(Path("runs/cache").iterdir())


def test_one_folder_for_each_class_is_cut_into_60_20_and_20_percent_of_it():
    cats = fill("data/검은 고양이")
    dogs = fill("data/dog", range(10, 30))
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
    assert find_pictures(Path("data")).classes == ["test", "train"]


def test_folders_in_a_class_belong_to_it_and_other_files_are_left_alone():
    mine = fill("data/cat") | fill("data/dog/big", range(10, 15))
    mine |= fill("data/dog/작은/개", range(15, 20), suffix="BMP")
    Path("data/dog/notes.txt").write_text("no picture", encoding="utf-8")
    fill("data/.trash", range(30, 40))
    fill("data/__MACOSX", range(30, 40))
    assert set.union(*load()) == mine
    pictures, found = read()
    assert found.others == 21  # the notes, and what other programs put beside
    assert pictures.notes == ["left out: 21 files, no pictures or in no folder of a class"]


def test_what_was_found_tells_these_data_from_others():
    fill("data/cat")
    fill("data/dog", range(10, 20))
    before = find_pictures(Path("data")).files
    assert before[0][0] == "cat/000.png"
    shutil.copy("data/cat/000.png", "data/cat/099.png")
    assert find_pictures(Path("data")).files != before


def test_pictures_are_listed_in_order_and_a_file_is_itself():
    fill("new/b/a")
    fill("new/b", [3], suffix="GIF")
    Path("new/notes.txt").write_text("no picture", encoding="utf-8")
    names = [path.name for path in list_pictures(Path("new"))]
    assert names == ["003.GIF", *[f"{number:03}.png" for number in TEN]]
    assert list_pictures(Path("anything.png")) == [Path("anything.png")]


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
        read()
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
        notes = read(skip_bad=True)[0].notes
        assert [Path(note.split(": ")[1]).name for note in notes] == ["004.png", "bad.jpg"]
    with pytest.raises(UserError, match=r"004.png cannot be read"):
        load()
    for path in Path("data/dog").iterdir():
        spoil(path, "text")
    with pytest.raises(UserError, match="class 'dog' in data has no picture to train with"):
        load(skip_bad=True)


def test_where_no_picture_can_be_read_this_is_said():
    fill("data/cat")
    fill("data/dog", range(10, 20))
    for path in Path("data").rglob("*.png"):
        path.write_bytes(b"text")
    with pytest.raises(UserError, match="none of the 20 pictures can be read"):
        read(skip_bad=True)


def test_a_second_training_reads_the_cache_and_not_the_pictures():
    fill("data/cat")
    fill("data/dog", range(10, 20))
    first = load()
    read_first = []

    def read_again(path, info):
        read_first.append(path)
        return read_input(path, info)

    pictures, found = read(read_input=read_again)
    assert [path.name for path in read_first] == ["000.png"]  # to learn their shape
    assert load() == first
    assert [path.suffix for path in cache_files()] == [".uint8"]
    assert pictures.tensor.dtype == torch.uint8
    other = Info(classes=found.classes[::-1])  # read_input may look at it
    read_all(found, read_input, other, False)
    assert len(cache_files()) == 2


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
    assert read()[0].tensor[:, 1].max() == (0 if change == "name" else 200)


def load_module(path, code):
    """Write a data.py, and return it as a module."""
    path.write_text(code, encoding="utf-8")
    # Python would take an older compiled file of the same second and size for this one.
    Path(util.cache_from_source(str(path))).unlink(missing_ok=True)
    spec = util.spec_from_file_location("some_data", path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CODE = '''
import torch
from engine.pictures import read_picture


def read_input(path, info):
    """Return a picture as a model takes it."""
    return torch.from_numpy(read_picture(path, 3, 4, 4)).float() / 255
'''


def test_where_the_code_that_reads_has_changed_the_pictures_are_read_again(tmp_path):
    fill("data/cat")
    fill("data/dog", range(10, 20))
    first = load_module(tmp_path / "some_data.py", CODE)
    pictures, _ = read(read_input=first.read_input)
    again = load_module(tmp_path / "some_data.py", CODE.replace("/ 255", "/ 510"))
    darker, _ = read(read_input=again.read_input)
    assert len(cache_files()) == 2
    expected = pictures.tensor.float() / 510
    torch.testing.assert_close(darker.tensor, expected)


def test_pictures_whose_values_do_not_fit_into_bytes_are_kept_as_they_are():
    def normalised(path, info):
        return (read_input(path, info) - 0.5) / 0.25

    fill("data/cat")
    fill("data/dog", range(10, 20))
    for _ in range(2):  # the second time from the cache
        pictures, found = read(read_input=normalised)
        assert pictures.tensor.dtype == torch.float32
        expected = torch.stack([normalised(path, None) for path in found.paths])
        assert torch.equal(pictures.tensor, expected)
        assert [path.suffix for path in cache_files()] == [".float32"]
        assert InMemory(pictures.tensor, found.labels)[3][0].equal(expected[3])


def test_pictures_of_different_shapes_are_refused_with_the_function_to_mend():
    def unequal(path, info):
        picture = read_input(path, info)
        return picture[:, :2] if path.stem == "007" else picture

    fill("data/cat")
    fill("data/dog", range(10, 20))
    message = r"data\.py's read_input gives a tensor \(3, 2, 4\) float32 for .*007\.png: all"
    with pytest.raises(UserError, match=message):
        read(read_input=unequal)
    assert not Path("runs").exists()


def test_the_cache_can_be_sent_to_processes_that_begin_afresh():
    fill("data/cat")
    fill("data/dog", range(10, 20))
    pictures, found = read()
    train = InMemory(pictures.tensor, found.labels).part(pictures.split.train)
    assert ForkingPickler.dumps(train)  # macOS, Windows and newer Pythons do


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
    path = Path(f"photo.{suffix}")
    exif = Image.Exif()
    exif[0x112] = 6  # the camera was turned to the left
    halves((64, 32)).save(path, exif=exif)
    image = read_picture(path, 3, 16, 16).astype(int)
    assert image[0, 3, 8] > 200 > 50 > image[2, 3, 8]  # red above
    assert image[2, 12, 8] > 200 > 50 > image[0, 12, 8]  # blue below
    assert image[:, :, [1, 14]].max() < 50  # nothing left and right of it


def test_where_it_is_asked_for_ink_on_paper_is_turned_into_light_on_dark():
    paper = np.full((64, 64), 255, np.uint8)
    paper[16:48, 24:40] = 0
    Image.fromarray(paper).save("paper.png")
    image = read_picture(Path("paper.png"), 1, 8, 8, invert_paper=True)
    assert (image[0, 0, 0], image[0, 4, 4]) == (0, 255)
    image = read_picture(Path("paper.png"), 1, 8, 8)
    assert (image[0, 0, 0], image[0, 4, 4]) == (255, 0)
