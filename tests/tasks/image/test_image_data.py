"""The pictures: splits, statistics, batches, your own pictures, pictures to answer for."""

import sys
from contextlib import suppress
from dataclasses import replace
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib.text import Text
from PIL import Image

from config import Config
from data import Digits, Info, load_data, measure_channels, read_input, read_inputs
from engine.data_identity import identity
from engine.dataset import InMemory
from engine.describe import describe
from engine.evaluation import Answers
from engine.examples import draw_examples, save_examples, show_examples
from engine.mistakes import draw_mistakes
from engine.plots import save_figure
from engine.settings import UserError
from model import metrics

PARTS = ("train", "val", "test")


@pytest.fixture(scope="module")
def digits():
    return load_data(Config())


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Pictures in three parts, the training ones dark, and the folder to load them from."""
    monkeypatch.chdir(tmp_path)
    counts = {"train": 9, "val": 3, "test": 2}
    for part, light in zip(PARTS, (0, 120, 180), strict=True):
        for is_cat, name in enumerate(("dog", "검은 고양이")):
            folder = Path("my data", part, name)
            folder.mkdir(parents=True)
            for number in range(counts[part]):
                color = (light + 5 * number + is_cat, light, 60)
                Image.new("RGB", (7, 7), color).save(folder / f"{number}.png")
    return Config(data="my data", image_size=6)


def everything(dataset):
    """Return all examples of a part of the data as one batch."""
    return dataset.batch(torch.arange(len(dataset)))


def test_an_example_is_a_picture_and_its_digit():
    digits = Digits()
    picture, label = digits[5]
    assert len(digits) == 1797
    assert (picture.shape, picture.dtype) == ((1, 8, 8), torch.float32)
    assert 0 <= picture.min() < picture.max() <= 1
    assert (label, label.dtype) == (5, torch.int64)


def test_a_batch_is_pictures_and_labels(digits):
    pictures, labels = digits.train.batch(torch.tensor([3, 1, 4]))
    assert (pictures.shape, pictures.dtype) == ((3, 1, 8, 8), torch.float32)
    assert (labels.shape, labels.dtype) == ((3,), torch.int64)
    for number, index in enumerate([3, 1, 4]):
        picture, label = digits.train[index]
        assert torch.equal(pictures[number], picture)
        assert labels[number] == label


def test_no_picture_is_in_two_splits(digits):
    found = []
    for part in PARTS:
        pictures, _ = everything(getattr(digits, part))
        found.append({picture.numpy().tobytes() for picture in pictures})
    train, val, test = found
    assert len(train | val | test) == len(train) + len(val) + len(test) == 1797


def test_every_split_has_every_class_in_the_same_share(digits):
    for part in PARTS:
        labels = getattr(digits, part).labels
        shares = labels.bincount(minlength=10) / len(labels)
        assert shares.min() > 0.09
        assert shares.max() < 0.11


def test_the_statistics_are_taken_of_some_pictures_at_a_time():
    asked = []

    class Counted(InMemory):
        def batch(self, indices):
            asked.append(len(indices))
            return super().batch(indices)

    generator = torch.Generator().manual_seed(0)
    pictures = torch.randint(256, (250, 3, 8, 8), dtype=torch.uint8, generator=generator)
    mean, std = measure_channels(Counted(pictures, torch.zeros(250)))
    assert asked == [20] * 12 + [10]
    values = pictures.double() / 255
    assert mean == pytest.approx(values.mean(dim=(0, 2, 3)).tolist())
    assert std == pytest.approx(values.std(dim=(0, 2, 3)).tolist())


def test_the_statistics_are_those_of_the_training_pictures(digits):
    pictures = everything(digits.train)[0].double()
    assert digits.info.mean == pytest.approx([pictures.mean().item()])
    assert digits.info.std == pytest.approx([pictures.std().item()], rel=1e-3)
    assert digits.info.mean != pytest.approx([everything(Digits())[0].double().mean().item()])


def test_a_run_goes_on_with_another_number_of_threads(digits):
    before = torch.get_num_threads()  # the last bits of the statistics may differ then
    for threads in (1, 2, 4):
        torch.set_num_threads(threads)
        assert identity(load_data(Config())) == identity(digits)
    torch.set_num_threads(before)


def test_the_seed_of_a_training_does_not_change_the_split(digits):
    other = load_data(Config(seed=7))
    assert torch.equal(everything(digits.test)[0], everything(other.test)[0])


def test_own_pictures_are_batches_in_colour_and_described(own, capsys):
    data = load_data(own)
    assert data.info.classes == ["dog", "검은 고양이"]
    assert [len(getattr(data, part)) for part in PARTS] == [18, 6, 4]
    pictures, labels = data.val.batch(torch.tensor([5, 0]))
    assert (pictures.shape, pictures.dtype) == ((2, 3, 6, 6), torch.float32)
    pixels = (pictures[:, :, 3, 3] * 255).round().tolist()
    assert pixels == [[131, 120, 60], [120, 120, 60]]
    assert labels.tolist() == [1, 0]
    describe(data, metrics(data.info))
    assert "pictures: 28 in my data, made 6 by 6 pixels, in colour" in capsys.readouterr().out


def test_the_statistics_of_own_pictures_are_those_of_their_training_part(own):
    info = load_data(own).info
    assert (info.channels, info.height, info.width) == (3, 6, 6)
    assert info.mean == pytest.approx([20.5 / 255, 0, 60 / 255])
    # At least 1 of 255, since it is divided by.
    assert info.std == pytest.approx([12.92 / 255, 1 / 255, 1 / 255], abs=4e-4)


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_own_pictures_stay_in_the_cache_file_until_a_batch_needs_them(own, monkeypatch):
    monkeypatch.setattr("engine.dataset.LARGE", 0)
    data = load_data(own)
    (cache,) = Path("runs/cache").glob("*.uint8")
    assert str(cache) in Path("/proc/self/maps").read_text(encoding="utf-8")
    assert data.train.tensors[0].data_ptr() == data.test.tensors[0].data_ptr()
    assert data.train.tensors[0].dtype == torch.uint8


def test_own_pictures_can_be_sent_to_processes_that_begin_afresh(own):
    assert ForkingPickler.dumps(load_data(own).train)  # macOS, Windows and newer Pythons do


def test_training_and_prediction_see_the_same(own):
    data = load_data(own)
    path = Path("my data/test/dog/1.png")
    assert torch.equal(read_input(path, data.info), data.test[1][0])
    inputs = read_inputs((str(path),), data.info)
    assert torch.equal(inputs.examples[0], data.test[1][0])


def test_examples_left_as_files_are_read_back_unchanged(digits, tmp_path):
    indices = [0, 100, 7]
    paths = save_examples(digits.test, indices, digits.info, tmp_path)
    names = []
    for number, index in enumerate(indices):
        names.append(f"{number}_is_{digits.test[index][1]}.png")
    assert [path.name for path in paths] == names
    assert Image.open(paths[0]).size == (64, 64)  # large enough to be seen
    inputs = read_inputs((str(tmp_path),), digits.info)
    assert inputs.names == inputs.columns["picture"] == [str(path) for path in paths]
    for index, picture in zip(indices, inputs.examples, strict=True):
        # The digits have 17 shades, a file 256.
        torch.testing.assert_close(picture, digits.test[index][0], rtol=0, atol=0.6 / 255)


def test_the_name_of_a_class_never_breaks_the_name_of_a_file(digits, tmp_path):
    info = replace(digits.info, classes=[f"a/b:{number}?" for number in range(10)])
    (path,) = save_examples(digits.test, [0], info, tmp_path)
    assert path.name == f"0_is_a_b_{digits.test[0][1]}_.png"


def test_people_see_a_picture_as_it_is_in_the_batch(digits, own):
    (grey,) = show_examples(digits.test, [1], digits.info)
    assert (grey.shape, grey.dtype) == ((8, 8), np.uint8)
    assert np.abs(grey / 255 - digits.test[1][0][0].numpy()).max() < 0.6 / 255
    colour = load_data(own)
    (picture,) = show_examples(colour.test, [1], colour.info)
    assert (picture.shape, picture.dtype) == ((6, 6, 3), np.uint8)
    assert picture[3, 3].tolist() == [185, 180, 60]


def test_mistakes_are_drawn_with_both_classes_whatever_these_are_called(digits, tmp_path):
    info = replace(digits.info, classes=["$x^{", "한글", "<b>\n\t", "\ud800", *"456789"])
    labels = digits.test.labels
    logits = torch.eye(10)[labels] * 10
    (wrong, *_) = torch.nonzero(labels == 0).flatten().tolist()
    logits[wrong] = 10 * torch.eye(10)[1]
    answers = Answers(torch.zeros(len(labels)), logits, labels)
    figure = draw_mistakes(digits.test, answers, info)
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert f"1 of {len(labels)} answers wrong, the surest first" in texts
    assert "$x^{, not\n한글 (100.0%)" in texts
    save_figure(figure, tmp_path / "mistakes.png", margins=False)
    figure = draw_examples([], ["true", "predicted", "probability"], [], "none")
    save_figure(figure, tmp_path / "none.png", margins=False)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
@pytest.mark.parametrize("size", [(8, 8), (5, 3), (300, 20), (600, 900)])
def test_any_picture_becomes_one_of_the_training_kind(tmp_path, mode, size):
    Image.new(mode, size, 1).save(tmp_path / "picture.png")
    for channels in (1, 3):
        info = Info(classes=["a", "b"], channels=channels, height=8, width=8)
        inputs = read_inputs((str(tmp_path), str(tmp_path / "picture.png")), info)
        assert len(inputs.examples) == 2
        for picture in inputs.examples:
            assert (picture.shape, picture.dtype) == ((channels, 8, 8), torch.float32)


def test_a_picture_that_is_not_square_stands_whole_in_the_middle(digits, tmp_path):
    Image.new("L", (300, 150), 100).save(tmp_path / "wide.png")
    (picture,) = read_inputs((str(tmp_path),), digits.info).examples
    pixels = (picture[0] * 255).round().int().tolist()
    assert pixels == [[0] * 8] * 2 + [[100] * 8] * 4 + [[0] * 8] * 2


def test_ink_on_paper_is_turned_into_light_on_dark(digits, tmp_path):
    paper = np.full((64, 64), 255, np.uint8)
    paper[16:48, 24:40] = 0
    path = tmp_path / "paper.png"
    Image.fromarray(paper).save(path)
    picture = read_input(path, digits.info)
    assert picture[0, 0, 0] == 0
    assert picture[0, 4, 4] == 1
    # Pictures of one's own are read in training and in prediction as they are.
    assert read_input(path, replace(digits.info, invert_paper=False))[0, 4, 4] == 0


def test_a_photo_with_damaged_camera_notes_is_read_or_refused_in_one_line(digits, tmp_path):
    notes = Image.Exif()
    notes[0x112], notes[0x10F] = 6, "the maker"
    Image.new("L", (9, 9), 200).save(tmp_path / "photo.jpg", exif=notes)
    content = (tmp_path / "photo.jpg").read_bytes()
    maker, damaged = b"\x01\x0f\0\2\0\0\0\x0a", b"\x01\x0f\0\5\0\0\0\1"  # a text, a fraction
    assert content.count(maker) == 1
    (tmp_path / "photo.jpg").write_bytes(content.replace(maker, damaged))
    with suppress(UserError):
        read_inputs((str(tmp_path),), digits.info)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Grey pictures of 12 by 9 pixels in two classes, random but that one class is lighter."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    for name, light in (("dark", 0), ("light", 100)):
        Path("small", name).mkdir(parents=True)
        for number in range(15):
            pixels = random.integers(light, light + 150, (9, 12)).astype(np.uint8)
            Image.fromarray(pixels).save(Path("small", name, f"{number}.png"))
    return Config(data="small")


def test_for_few_pictures_a_network_that_has_learned_is_advised(own, digits, monkeypatch):
    told = load_data(own).advice
    assert told.startswith("note: 18 pictures to train with are few for a new network: --backbone ")
    assert '(pip install -e ".[pretrained]")' in told
    assert digits.advice == ""
    monkeypatch.setattr("data.FEW", 18)
    assert load_data(own).advice == ""


def test_size_and_channels_follow_the_pictures_and_flags_overrule(small):
    data = load_data(small)
    assert (data.info.channels, data.info.height, data.info.width) == (1, 12, 12)
    assert data.train[0][0].shape == (1, 12, 12)
    assert data.notes == [
        "pictures: 30 in small, made 12 by 12 pixels, grey: --image-size and --channels change it"
    ]
    for _ in range(2):  # the second time from the cache
        data = load_data(replace(small, image_size=8, channels=3))
        assert data.train[0][0].shape == (3, 8, 8)
        assert data.notes == ["pictures: 30 in small, made 8 by 8 pixels, in colour"]


@pytest.mark.parametrize(("side", "size"), [(1, 4), (28, 28), (64, 64), (90, 64)])
def test_small_pictures_are_not_blown_up_and_large_ones_are_made_small(small, side, size):
    for number, path in enumerate(sorted(Path("small").rglob("*.png"))):
        Image.new("RGB", (side, 1), (200 - number, 9, 9)).save(path)
    assert load_data(small).info.width == size


def test_own_grey_pictures_are_read_alike_in_training_and_prediction(small):
    for path in Path("small/dark").iterdir():  # light corners in a dark data set
        pixels = np.full((9, 12), int(path.stem), np.uint8)
        pixels[[0, 0, -1, -1], [0, -1, 0, -1]] = 255
        Image.fromarray(pixels).save(path)
    data = load_data(small)
    for index in range(len(data.test)):
        picture, _ = data.test[index]
        alike = []
        for example in read_inputs(("small",), data.info).examples:
            alike.append(torch.equal(example, picture))
        assert sum(alike) == 1


@pytest.mark.parametrize("kind", ["uint16", "float32"])
def test_pictures_of_more_than_8_bits_keep_their_values(small, kind):
    random = np.random.default_rng(0)
    factor = 1 if kind == "uint16" else 1 / 4095
    for path in sorted(Path("small").rglob("*.png")):
        values = random.integers(0, 4096, (12, 12))
        values[0, 0] = 4095
        path.unlink()
        Image.fromarray((values * factor).astype(kind)).save(path.with_suffix(".tif"))
    data = load_data(small)
    depth, white = ("16 bits", 4095) if kind == "uint16" else ("floating point", 1)
    assert data.info.ranges == {depth: [0.0, white]}
    assert data.notes[1:] == [f"30 pictures of {depth}: 0 becomes 0, {white} becomes 1"]
    picture, _ = data.train[0]
    assert picture.max() == 1
    assert len(picture.unique()) > 130
    for index, path in enumerate(save_examples(data.test, [0, 1], data.info, Path("small"))):
        (example,) = read_inputs((str(path),), data.info).examples
        torch.testing.assert_close(example, data.test[index][0], rtol=0, atol=0.6 / 4095)
    inputs = read_inputs(("small/dark/0.tif",), data.info)
    with Image.open("small/dark/0.tif") as file:
        expected = np.asarray(file) / white
    assert np.abs(inputs.examples[0][0].numpy() - expected).max() < 1e-6


def test_the_data_are_the_same_ones_in_another_place(small):
    before = load_data(small)
    Path("small").rename("moved")
    after = load_data(replace(small, data="moved"))
    assert identity(after) == identity(before)
    content = Path("moved/dark/3.png").read_bytes()
    Path("moved/dark/3.png").write_bytes(Path("moved/dark/4.png").read_bytes())
    Path("moved/dark/4.png").write_bytes(content)
    assert identity(load_data(replace(small, data="moved"))) != identity(before)


def test_a_folder_without_pictures_is_named(digits, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with pytest.raises(UserError, match=f"no picture in .*{tmp_path.name}"):
        read_inputs((str(tmp_path),), digits.info)


def test_a_backbone_sets_the_size_of_pictures_unless_one_is_typed(own, monkeypatch):
    monkeypatch.setattr("data.backbone_size", lambda name: 12)
    with_backbone = replace(own, backbone="any", image_size=None)
    assert load_data(with_backbone).info.height == 12
    assert load_data(replace(with_backbone, image_size=5)).info.height == 5
    assert load_data(replace(own, image_size=None)).info.height == 7  # as large as they are


def test_a_backbone_without_its_packages_is_refused_in_one_line(command, tmp_path):
    refused = command("train.py", "--backbone", "tf_efficientnet_lite0", without=["timm"])
    assert refused.returncode == 2
    assert refused.stderr == (
        'error: timm is not installed: pip install -e ".[pretrained]", '
        "or with uv: uv sync --inexact --extra pretrained\n"
    )
    assert not (tmp_path / "runs").exists()


def test_a_torchvision_for_another_torch_is_refused_with_what_to_install(command, tmp_path):
    (tmp_path / "timm.py").write_text("import torchvision", encoding="utf-8")
    broken = "raise RuntimeError('operator torchvision::nms does not exist')"
    (tmp_path / "torchvision.py").write_text(broken, encoding="utf-8")
    packed = tmp_path / "torchvision-0.0.1.dist-info"
    packed.mkdir()
    (packed / "METADATA").write_text("Name: torchvision\nVersion: 0.0.1\n", encoding="utf-8")
    refused = command("train.py", "--backbone", "tf_efficientnet_lite0", without=["no_package"])
    assert refused.returncode == 2
    assert "torchvision 0.0.1 do not fit together: pip install --upgrade torch" in refused.stderr
    assert "torchvision::nms does not exist" in refused.stderr
    assert refused.stderr.count("\n") == 1
