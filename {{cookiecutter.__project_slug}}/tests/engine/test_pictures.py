"""Pictures in folders: which part of the data they are, how they are read, the cache file."""

import os
import shutil
import socket
import sys
import unicodedata
from collections import Counter
from importlib import util
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import pytest
import torch
from PIL import Image

from engine import picture_cache
from engine.dataset import Info, InMemory
from engine.picture_cache import tells_changes
from engine.pictures import find_pictures, list_pictures, read_all, read_picture, sort_key
from engine.settings import UserError

TEN = range(10)


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    """The pictures are in data/ of an empty folder, the cache will be in its runs/."""
    monkeypatch.chdir(tmp_path)


def read_input(path, info):
    """Return a picture file as a model takes it: (3, 4, 4) float32 in 0..1."""
    return torch.from_numpy(read_picture(path, 3, 4, 4))


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
    return sorted(Path("runs/cache").iterdir(), key=lambda path: path.suffix)


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
    pictures, _ = read()
    # The notes, and what other programs put beside.
    assert pictures.notes[0] == (
        "left out: 21 files, no pictures or in no folder of a class (.png 20, .txt 1)"
    )


def test_the_contents_of_all_files_tell_these_data_from_others():
    fill("data/cat", suffix="bmp")
    fill("data/dog", range(10, 20), suffix="bmp")
    before = read()[0].fingerprint
    shutil.move("data", "moved")
    shutil.copytree("moved", "data")
    assert read()[0].fingerprint == before  # another place and time
    shutil.copy("data/cat/000.bmp", "data/dog/010.bmp")  # another picture of the same size
    assert read()[0].fingerprint != before


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
        notes = [note for note in read(skip_bad=True)[0].notes if "left out" in note]
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
    assert [path.suffix for path in cache_files()] == [".survey", ".uint8"]
    assert pictures.tensor.dtype == torch.uint8
    other = Info(classes=found.classes[::-1])  # read_input may look at it
    read_all(found, read_input, other, False)
    assert len(cache_files()) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no such workers")
def test_many_pictures_are_read_by_other_processes_and_are_the_same(monkeypatch):
    fill("data/cat")
    fill("data/dog", range(10, 40))
    here = read()[0]
    shutil.rmtree("runs")
    readers = Path("readers")
    readers.mkdir()

    def read_and_sign(path, info):
        (readers / str(os.getpid())).touch()
        return read_input(path, info)

    monkeypatch.setattr("engine.all_cores.count_cores", lambda: 2)
    monkeypatch.setattr("engine.all_cores.ITEMS_OF_A_WORKER", 20)
    monkeypatch.setattr("engine.all_cores.AT_ONCE", 4)
    there = read(read_input=read_and_sign)[0]
    assert len(list(readers.iterdir())) == 3  # two workers; this process looks at the first picture
    assert torch.equal(here.tensor, there.tensor)
    assert here.fingerprint == there.fingerprint


def test_each_file_is_asked_for_its_state_once_and_after_decoding_once_more(monkeypatch):
    fill("data/cat")
    fill("data/dog", range(10, 20))
    asked = Counter()

    def state_of(path, state_of=picture_cache.state_of):
        asked[path.name] += 1
        return state_of(path)

    monkeypatch.setattr("engine.pictures.state_of", state_of)
    monkeypatch.setattr("engine.picture_cache.state_of", state_of)
    read()
    assert set(asked.values()) == {2}
    assert len(asked) == 20
    read()
    assert set(asked.values()) == {3}


def reds():
    """Return the red of each picture as training sees it, in the order of their names."""
    return read()[0].tensor[:, 0, 0, 0].tolist()


def exchange(one, other, by_name):
    """Exchange two files, which keep the times that they had."""
    if by_name:
        Path(one).rename("aside")
        Path(other).rename(one)
        Path("aside").rename(other)
        return
    first = Path(one).read_bytes()
    second = Path(other).read_bytes()
    assert len(first) == len(second)
    for path, content in ((one, second), (other, first)):
        status = Path(path).stat()
        Path(path).write_bytes(content)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("by_name", [True, False])
def test_files_of_one_size_and_time_that_are_exchanged_are_read_again(
    is_told, by_name, monkeypatch
):
    """As cp -p, rsync -t, tar and touch -r can leave them."""
    if not is_told:  # a disk that does not keep the time of each change
        monkeypatch.setattr("engine.picture_cache.tells_changes", lambda status: False)
    fill("data/cat", suffix="bmp")
    fill("data/dog", range(10, 20), suffix="bmp")
    for path in Path("data").rglob("*.bmp"):
        os.utime(path, ns=(0, 0))
    before = read()[0].fingerprint
    assert reds() == list(range(20))
    exchange("data/cat/003.bmp", "data/dog/015.bmp", by_name)
    expected = list(range(20))
    expected[3] = 15
    expected[15] = 3
    assert reds() == expected
    assert read()[0].fingerprint != before
    exchange("data/cat/003.bmp", "data/dog/015.bmp", by_name)
    assert read()[0].fingerprint == before


def test_pictures_of_one_size_and_time_that_change_are_surveyed_again():
    fill("data/cat", suffix="bmp")
    fill("data/dog", range(10, 20), suffix="bmp")
    read()
    assert not find_pictures(Path("data")).survey.is_grey
    for path in Path("data").rglob("*.bmp"):
        status = path.stat()
        Image.new("RGB", (6, 6), (50, 50, 50)).save(path)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert find_pictures(Path("data")).survey.is_grey


def test_times_that_are_no_times_of_a_change_are_not_believed():
    """Windows says when a file was made; a memory stick has hundredths of seconds."""
    Path("file").write_bytes(b"")
    status = list(Path("file").stat())

    def told(nanoseconds):
        return tells_changes(os.stat_result(status, {"st_ctime_ns": nanoseconds}))

    assert told(1_700_000_000_123_456_789) == (os.name != "nt")
    assert not told(1_700_000_000_000_000_000)
    assert not told(1_700_000_000_120_000_000)


def test_a_picture_that_changes_while_it_is_read_is_named():
    fill("data/cat", suffix="bmp")
    fill("data/dog", range(10, 20), suffix="bmp")
    changing = Path("data/dog/017.bmp")

    def change(path, info):
        picture = read_input(path, info)
        if path == changing:
            Image.new("RGB", (6, 6), (99, 0, 0)).save(path)
        return picture

    with pytest.raises(UserError, match=r"017\.bmp has changed while it was read: start again"):
        read(read_input=change)
    assert not Path("runs").exists()
    assert reds()[17] == 99

    def touch(path, info):
        path.touch()
        return read_input(path, info)

    read(read_input=touch)  # the content is the same


@pytest.mark.parametrize("kind", ["flip", "cut", "other", "empty"])
def test_pictures_that_are_damaged_in_the_cache_are_decoded_again(kind, capsys):
    fill("data/cat")
    fill("data/dog", range(10, 20))
    for read_one in (read_input, lambda path, info: read_input(path, info) + 0.001):
        before = read(read_input=read_one)[0].tensor.clone()
        (path,) = (path for path in cache_files() if path.suffix != ".survey")
        content = bytearray(path.read_bytes())
        content[5] ^= 64
        spoilt = {"flip": bytes(content), "cut": bytes(content[:-1]), "other": bytes(900)}
        path.write_bytes(spoilt.get(kind, b""))
        capsys.readouterr()
        assert torch.equal(read(read_input=read_one)[0].tensor, before)
        assert "is damaged: it is made anew" in capsys.readouterr().out
        assert torch.equal(read(read_input=read_one)[0].tensor, before)
        assert capsys.readouterr().out == ""
        shutil.rmtree("runs")


def test_a_survey_that_is_damaged_is_made_again():
    fill("data/cat")
    fill("data/dog", range(10, 20))
    before = read()[1].survey
    (path,) = Path("runs/cache").glob("*.survey")
    whole = path.read_bytes()
    for text in (b"null", b"[]", b'{"longer_side": 9, "is_grey": true}', whole[:20], b"[" * 9999):
        path.write_bytes(text)
        assert read()[1].survey == before
        assert path.read_bytes() == whole


def test_pictures_in_another_order_on_the_disk_are_the_same():
    """Also those whose names differ in their form of Unicode alone."""
    names = []
    for number in range(5):
        names.append(unicodedata.normalize("NFC", f"고양이é{number}"))
        names.append(unicodedata.normalize("NFD", f"고양이é{number}"))
    listed = [Path("cat", name) for name in names]
    assert sorted(listed, key=sort_key) == sorted(listed[::-1], key=sort_key)
    found = []
    for folder, order in (("first", names), ("second", names[::-1])):
        for name in order:
            fill(f"{folder}/cat", [names.index(name)])
            Path(f"{folder}/cat/{names.index(name):03}.png").rename(f"{folder}/cat/{name}.png")
        fill(f"{folder}/dog", range(10, 20))
        Path(folder).rename("data")
        found.append((read()[0].fingerprint, reds()))
        Path("data").rename(f"{folder} is done")
    assert found[0] == found[1]


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
    return torch.from_numpy(read_picture(path, 3, 4, 4)) * 1.0
'''


def test_where_the_code_that_reads_has_changed_the_pictures_are_read_again(tmp_path):
    fill("data/cat")
    fill("data/dog", range(10, 20))
    first = load_module(tmp_path / "some_data.py", CODE)
    pictures, _ = read(read_input=first.read_input)
    again = load_module(tmp_path / "some_data.py", CODE.replace("* 1.0", "* 0.5"))
    darker, _ = read(read_input=again.read_input)
    assert len(cache_files()) == 3
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
        assert [path.suffix for path in cache_files()] == [".float32", ".survey"]
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


def draw_all(folder, seeds):
    """Make a picture for each seed; no two are alike."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        pixels = torch.randint(256, (6, 6, 3), generator=torch.Generator().manual_seed(seed))
        Image.fromarray(pixels.byte().numpy()).save(f"{folder}/{seed:03}.png")


def names_in(found, rows):
    return {found.names[row] for row in rows.tolist()}


def part_of(found, split, name):
    """Return the parts that a picture is in."""
    return [part for part in split._fields if name in names_in(found, getattr(split, part))]


def test_identical_pictures_stay_together_and_are_counted():
    draw_all("data/cat", range(20))
    draw_all("data/dog", range(100, 120))
    for number in range(12):  # the same pixels in the same file, and in another format
        shutil.copy(f"data/cat/{number:03}.png", f"data/cat/copy{number}.png")
        with Image.open(f"data/dog/{100 + number}.png") as picture:
            picture.save(f"data/dog/copy{number}.bmp")
    pictures, found = read()
    for number in range(12):
        for first, second in (
            (f"cat/{number:03}.png", f"cat/copy{number}.png"),
            (f"dog/{100 + number}.png", f"dog/copy{number}.bmp"),
        ):
            (part,) = part_of(found, pictures.split, first)
            assert part_of(found, pictures.split, second) == [part]
    assert sum(len(part) for part in pictures.split) == 64
    example = "such as cat/000.png and cat/copy0.png"
    assert pictures.notes == [f"identical pictures: 24 are copies of others, {example}"]


def test_identical_pictures_in_two_classes_are_left_out_and_said():
    draw_all("data/cat", range(10))
    draw_all("data/dog", range(100, 110))
    shutil.copy("data/cat/003.png", "data/dog/x.png")
    shutil.copy("data/cat/003.png", "data/dog/y.png")
    pictures, found = read()
    for name in ("cat/003.png", "dog/x.png", "dog/y.png"):
        assert part_of(found, pictures.split, name) == []
    assert sum(len(part) for part in pictures.split) == 19
    assert pictures.notes == [
        "left out: 3 pictures, since identical ones are in different classes, "
        "such as cat/003.png and dog/x.png"
    ]


def test_pictures_that_the_users_own_parts_share_are_said():
    draw_all("data/train/cat", range(10))
    draw_all("data/train/dog", range(100, 110))
    draw_all("data/val/cat", range(20, 24))
    draw_all("data/val/dog", range(120, 124))
    draw_all("data/test/cat", [0, 1, 30])
    draw_all("data/test/dog", [130, 131])
    shutil.copy("data/train/cat/009.png", "data/test/dog/x.png")
    pictures, found = read()
    assert part_of(found, pictures.split, "test/cat/000.png") == ["test"]
    assert part_of(found, pictures.split, "test/dog/x.png") == ["test"]  # it stays as it was made
    assert part_of(found, pictures.split, "train/cat/009.png") == []
    said = "\n".join(pictures.notes)
    assert "warning: 2 pictures of test are in another part, too, such as test/cat/000.png" in said
    assert "left out: 1 pictures, since identical ones are in different classes" in said


def test_pictures_of_one_colour_are_counted():
    draw_all("data/cat", range(10))
    draw_all("data/dog", range(100, 110))
    Image.new("RGB", (30, 10), (9, 200, 9)).save("data/cat/green.png")  # gets a black margin
    Image.new("RGB", (10, 10)).save("data/dog/black.png")
    frame = Image.new("L", (8, 8))
    frame.paste(255, (0, 2, 8, 6))
    frame.save("data/dog/bar.png")  # white in the middle of black, as the margin would be
    assert read()[0].notes == [
        "note: 2 pictures are one colour and nothing else, such as cat/green.png"
    ]


@pytest.mark.parametrize("parts", ["", "train/"])
def test_names_from_a_mac_and_from_elsewhere_are_one_class(parts):
    short, long = "고양이é", unicodedata.normalize("NFD", "고양이é")
    draw_all(f"data/{parts}{short}", range(6))
    if len(list(Path(f"data/{parts}").iterdir())) == 1:
        draw_all(f"data/{parts}{long}", range(6, 12))
    draw_all(f"data/{parts}dog", range(100, 112))
    found = find_pictures(Path("data"))
    assert found.classes == ["dog", short]
    assert found.labels.bincount().tolist() == [12, 12]
    assert all(name == unicodedata.normalize("NFC", name) for name in found.names)


def test_where_names_differ_by_capital_letters_alone_it_is_said():
    draw_all("data/Cat", range(6))
    draw_all("data/cat", range(6, 12))
    if len(list(Path("data").iterdir())) == 1:
        pytest.skip("this file system takes both for one")
    pictures, found = read()
    assert found.classes == ["Cat", "cat"]
    expected = "warning: 'Cat' and 'cat' are different classes: if they are one, rename them"
    assert pictures.notes == [expected]
    Path("data/cat").rename("data/dog")
    draw_all("data/train/dog", range(6))
    draw_all("data/train/Cat", range(10, 16))
    draw_all("data/test/cat", range(20, 26))
    with pytest.raises(UserError, match=r"'cat' .* train with; is it 'Cat'"):
        find_pictures(Path("data"))


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and sockets in folders")
def test_links_to_nothing_and_pipes_are_named_or_left_out_and_hang_nothing():
    draw_all("data/cat", range(10))
    draw_all("data/dog", range(100, 110))
    os.mkfifo("data/cat/pipe.png")
    os.mkfifo("data/dog/pipe without a suffix")
    Path("data/dog/link.png").symlink_to("nowhere")
    Path("data/dog/loop.png").symlink_to("loop.png")
    Path("data/dog/pipe.png").symlink_to("../cat/pipe.png")
    Path("data/dog/folder.png").mkdir()
    Path("data/dog/up").symlink_to("..")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("data/dog/socket.png")
        with pytest.raises(UserError, match=r"pipe\.png .* a pipe.*; --skip-bad goes on without"):
            read()
        # Also where a read_input of one's own does not look.
        with pytest.raises(UserError, match=r"pipe\.png .* a pipe.*; --skip-bad goes on without"):
            read(read_input=lambda path, info: torch.zeros(3, 4, 4) + len(path.read_bytes()))
        notes = read(skip_bad=True)[0].notes
    names = ["pipe.png", "link.png", "loop.png", "pipe.png", "socket.png"]
    left_out = [note.split(": ")[1] for note in notes if "cannot be read" in note]
    assert [Path(path).name for path in left_out] == names


@pytest.mark.skipif(sys.platform == "win32", reason="no links without rights")
def test_a_class_may_be_a_link_and_links_in_it_are_counted():
    draw_all("data/cat", range(10))
    draw_all("elsewhere/dog", range(100, 110))
    Path("data/dog").symlink_to(Path("elsewhere/dog").absolute())
    draw_all("more", range(20, 24))
    Path("data/cat/more").symlink_to(Path("more").absolute())
    pictures, found = read()
    assert found.labels.bincount().tolist() == [10, 10]
    assert pictures.notes == [
        "left out: 1 files, no pictures or in no folder of a class (link to a folder 1)"
    ]


def test_photos_of_a_format_that_is_not_read_are_no_files_beside():
    draw_all("data/cat", range(10))
    draw_all("data/dog", range(100, 110))
    Path("data/dog/photo.HEIC").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(90))
    Path("data/dog/raw.cr3").write_bytes(b"raw")
    with pytest.raises(UserError, match=r"photo\.HEIC cannot be read .*; --skip-bad goes on"):
        read()
    notes = read(skip_bad=True)[0].notes
    assert len(notes) == 2


def test_what_a_killed_training_left_of_its_cache_is_removed():
    draw_all("data/cat", range(10))
    draw_all("data/dog", range(100, 110))
    Path("runs/cache").mkdir(parents=True)
    for _ in range(2):  # the second time from the cache
        for name in ("uint8", "survey"):
            left = Path(f"runs/cache/0123456789abcdef.{name}.12ab.partial")
            left.write_bytes(b"half")
            os.utime(left, (0, 0))  # Windows asks for its age
        read()
        assert [path.suffix for path in cache_files()] == [".survey", ".uint8"]
