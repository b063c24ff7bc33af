"""One picture file: every format and kind of pixel, with the right values, or named with advice."""

import os
import socket
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from engine import picture_file
from engine.picture_file import PictureError, read_picture
from engine.picture_survey import survey_pictures
from engine.pictures import SUFFIXES

HEIC = {".heic", ".heif", ".hif"}
WITHOUT_COLOUR = {".pbm", ".pgm"}
GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6  # kinds of a PNG
RANGE = {"16 bits": [0.0, 4095.0]}  # of 12 bits
NO_PIPES = pytest.mark.skipif(sys.platform == "win32", reason="no pipes and sockets in folders")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read_bytes(path, channels=3, side=4, **more):
    """Return a picture as the whole numbers 0 to 255."""
    return (255 * read_picture(path, channels, side, side, **more)).round().astype(int)


def random_values(*shape, most=4095):
    return np.random.default_rng(0).integers(0, most + 1, shape)


def save_png(path, values, kind):
    """Write a PNG of 16 bits; Pillow cannot write one in colour."""
    height, width = values.shape[:2]
    rows = [b"\0" + values[row].astype(">u2").tobytes() for row in range(height)]

    def chunk(name, content):
        checksum = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + checksum

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0))
    content = chunk(b"IDAT", zlib.compress(b"".join(rows)))
    Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + header + content + chunk(b"IEND", b""))


def save_tiff(path, values, photometric=1, order="<"):
    """Write an array (H, W) or (H, W, 3) as a TIFF, of the type and byte order it has."""
    height, width = values.shape[:2]
    count = 1 if values.ndim == 2 else values.shape[2]
    content = values.astype(values.dtype.newbyteorder(order)).tobytes()
    number_format = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    bits = 8 * values.dtype.itemsize
    tags = [(256, 4, width), (257, 4, height), (258, 3, bits), (259, 3, 1), (262, 3, photometric)]
    tags += [(273, 4, 8), (277, 3, count), (278, 4, height), (279, 4, len(content))]
    tags += [(339, 3, number_format)]
    extra = b""
    start = 8 + len(content)
    entries = b""
    for number, kind, value in tags:
        how_many = 1
        packed = struct.pack(order + ("H2x" if kind == 3 else "I"), value)
        if number in (258, 339) and count > 1:  # one for each channel, behind the entries
            how_many = count
            place = start + 2 + 12 * len(tags) + 4 + len(extra)
            extra += struct.pack(order + f"{count}H", *[value] * count)
            packed = struct.pack(order + "I", place)
        entries += struct.pack(order + "HHI", number, kind, how_many) + packed
    mark = b"II*\0" if order == "<" else b"MM\0*"
    header = mark + struct.pack(order + "I", start)
    listed = struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", 0)
    Path(path).write_bytes(header + content + listed + extra)


def halves(size=(64, 64)):
    picture = Image.new("RGB", size, "red")  # on the left
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return picture


@pytest.mark.parametrize("suffix", [*sorted(SUFFIXES - WITHOUT_COLOUR), ".JPG"])
def test_every_format_is_read_in_colour_and_in_grey(suffix):
    path = Path(f"picture{suffix}")
    if suffix in HEIC:
        pytest.importorskip("pillow_heif", reason="optional: pip install -e .[heic]")
        from pillow_heif import register_heif_opener

        register_heif_opener()
    more = {}
    if suffix in (".gif", ".tif", ".webp", ".png"):  # of several pictures the first one counts
        more = {"save_all": True, "append_images": [Image.new("RGB", (64, 64))]}
    halves().save(path, **more)
    values = read_picture(path, 3, 8, 8)
    assert (values.shape, values.dtype) == ((3, 8, 8), np.float32)
    image = (255 * values).round()
    assert np.abs(image[:, :, [0, 7]].mean(1).T - [[255, 0, 0], [0, 0, 255]]).max() < 6
    assert np.abs(read_bytes(path, channels=1, side=8)[0, 4, [0, 7]] - [76.0, 29.0]).max() < 6


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
    assert read_bytes("picture.tif")[:, 2, 2].tolist() == seen


@pytest.mark.parametrize(("hidden", "seen"), [(None, [0, 200, 9]), (1, [255, 255, 255])])
@pytest.mark.parametrize("name", ["picture.png", "picture.gif"])
def test_a_palette_is_looked_up_and_its_transparent_colour_is_white(name, hidden, seen):
    picture = Image.new("P", (9, 9), 1)
    picture.putpalette([0, 0, 0, 0, 200, 9])
    picture.save(name, **({} if hidden is None else {"transparency": hidden}))
    assert read_bytes(name)[:, 2, 2].tolist() == seen


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
def test_a_photo_taken_sideways_is_turned_upright_and_keeps_its_proportions(suffix):
    path = Path(f"photo.{suffix}")
    exif = Image.Exif()
    exif[0x112] = 6  # the camera was turned to the left
    halves((64, 32)).save(path, exif=exif)
    image = read_bytes(path, side=16)
    assert image[0, 3, 8] > 200 > 50 > image[2, 3, 8]  # red above
    assert image[2, 12, 8] > 200 > 50 > image[0, 12, 8]  # blue below
    assert image[:, :, [1, 14]].max() < 50  # nothing left and right of it


def test_where_it_is_asked_for_ink_on_paper_is_turned_into_light_on_dark():
    paper = np.full((64, 64), 255, np.uint8)
    paper[16:48, 24:40] = 0
    Image.fromarray(paper).save("paper.png")
    image = read_bytes("paper.png", channels=1, side=8, invert_paper=True)
    assert (image[0, 0, 0], image[0, 4, 4]) == (0, 255)
    image = read_bytes("paper.png", channels=1, side=8)
    assert (image[0, 0, 0], image[0, 4, 4]) == (255, 0)


def test_12_bits_in_16_keep_all_their_values():
    values = random_values(8, 8)
    save_png("deep.png", values, GREY)
    ranges = survey_pictures([Path("deep.png")]).ranges
    assert ranges == {"16 bits": [0.0, 4095.0]}
    picture = read_picture("deep.png", 1, 8, 8, ranges)
    assert np.abs(picture[0] - values / 4095).max() < 1e-6
    assert len(np.unique(picture)) == len(np.unique(values)) > 50


def test_a_png_in_colour_of_16_bits_keeps_both_bytes():
    values = random_values(8, 8, 3)
    save_png("deep.png", values, RGB)
    picture = read_picture("deep.png", 3, 8, 8, RANGE)
    assert np.abs(picture.transpose(1, 2, 0) - values / 4095).max() < 1e-6
    grey = values / 4095 @ [0.299, 0.587, 0.114]
    assert np.abs(read_picture("deep.png", 1, 8, 8, RANGE)[0] - grey).max() < 1e-6


def test_transparent_pixels_of_16_bits_are_laid_on_white():
    values = random_values(8, 8, 4, most=65535)
    save_png("deep.png", values, RGBA)
    picture = read_picture("deep.png", 3, 8, 8, {"16 bits": [0.0, 65535.0]})
    alpha = values[:, :, 3:] / 65535
    expected = alpha * values[:, :, :3] / 65535 + 1 - alpha
    assert np.abs(picture.transpose(1, 2, 0) - expected).max() < 1e-6


@pytest.mark.parametrize(
    ("kind", "order", "factor", "offset", "ranges"),
    [
        ("u2", "<", 1, 0, {"16 bits": [0.0, 4095.0]}),
        ("u2", ">", 1, 0, {"16 bits": [0.0, 4095.0]}),
        ("u2", "<", 1 / 16, 0, {"16 bits": [0.0, 255.0]}),
        ("u2", "<", 4, 0, {"16 bits": [0.0, 16383.0]}),
        ("u2", "<", 8, 0, {"16 bits": [0.0, 65535.0]}),
        ("i2", "<", 1, -2000, {"16 bits": [-2000.0, 2095.0]}),
        ("i2", ">", 1, -2000, {"16 bits": [-2000.0, 2095.0]}),
        ("u4", "<", 1_000_000, 0, {"32 bits": [0.0, 4294967295.0]}),
        ("i4", "<", 1, -5, {"32 bits": [-5.0, 4090.0]}),
        ("i4", ">", 1, -5, {"32 bits": [-5.0, 4090.0]}),
        ("f4", "<", 1 / 4095, 0, {"floating point": [0.0, 1.0]}),
        ("f4", ">", 250 / 4095, 0, {"floating point": [0.0, 255.0]}),
        ("f4", "<", 8, -16, {"floating point": [-16.0, 32744.0]}),
    ],
)
def test_a_tiff_of_any_depth_is_scaled_by_what_it_holds(kind, order, factor, offset, ranges):
    values = random_values(8, 8)
    values[0, 0], values[7, 7] = 0, 4095
    values = (values * factor + offset).astype(kind)
    save_tiff("deep.tif", values, order=order)
    assert survey_pictures([Path("deep.tif")]).ranges == ranges
    ((black, white),) = ranges.values()
    expected = (values.astype(float) - black) / (white - black)
    assert np.abs(read_picture("deep.tif", 1, 8, 8, ranges)[0] - expected).max() < 1e-6
    # Alone, the picture itself tells its range.
    assert np.abs(read_picture("deep.tif", 1, 8, 8)[0] - expected).max() < 1e-6


@pytest.mark.parametrize("order", ["<", ">"], ids=["little end", "big end"])
def test_a_tiff_in_colour_of_16_bits_keeps_both_bytes(order):
    values = random_values(8, 8, 3).astype("u2")
    save_tiff("deep.tif", values, photometric=2, order=order)
    picture = read_picture("deep.tif", 3, 8, 8, RANGE)
    assert np.abs(picture.transpose(1, 2, 0) - values / 4095).max() < 1e-6


def test_where_zero_is_white_it_stays_so():
    values = random_values(8, 8).astype("u2")
    save_tiff("deep.tif", values, photometric=0)
    picture = read_picture("deep.tif", 1, 8, 8, RANGE)
    assert np.abs(picture[0] - (1 - values / 4095)).max() < 1e-6


def test_all_pictures_have_the_range_of_all_and_what_lies_outside_is_cut():
    save_png("dark.png", random_values(8, 8, most=300), GREY)
    save_png("light.png", random_values(8, 8, most=4095), GREY)
    survey = survey_pictures([Path("dark.png"), Path("light.png")])
    assert survey.ranges == {"16 bits": [0.0, 4095.0]}
    assert survey.notes() == ["2 pictures of 16 bits: 0 becomes 0, 4095 becomes 1"]
    assert read_picture("dark.png", 1, 8, 8, survey.ranges).max() < 0.08
    assert read_picture("light.png", 1, 8, 8, {"16 bits": [0.0, 300.0]}).max() == 1


@pytest.mark.parametrize("values", [0, 7, -3.5])
def test_a_deep_picture_of_one_value_is_read(values):
    save_tiff("flat.tif", np.full((4, 4), values, "f4"))
    assert np.isfinite(read_picture("flat.tif", 1, 4, 4)).all()


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("alpha.png", random_values(8, 8, 2), "more than 8 bits .*: save it as PNG, grey or RGB"),
        ("nan.tif", np.full((4, 4), np.nan, "f4"), "holds NaN or infinite values"),
        ("double.tif", random_values(8, 8) / 4095, "a TIFF .* of another kind .*: save it so"),
        ("colour.tif", random_values(8, 8, 3).astype("f4"), "TIFF .* of another kind"),
    ],
)
def test_what_pillow_would_cut_or_does_not_know_is_named_with_advice(name, values, message):
    if name.endswith(".png"):
        save_png(name, values, GREY_ALPHA)
    else:
        save_tiff(name, values, photometric=1 if values.ndim == 2 else 2)
    with pytest.raises(PictureError, match=f"{name} cannot be read as a picture: .*{message}"):
        read_picture(name, 3, 8, 8)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "F"])
@pytest.mark.parametrize("size", [(300, 5), (5, 3000), (1, 1), (4000, 1), (1, 4000)])
def test_the_thinnest_picture_is_a_line_in_the_middle(mode, size):
    kinds = {"I;16": np.uint16, "F": np.float32}
    if mode in kinds:
        picture = Image.fromarray(np.full(size[::-1], 200, kinds[mode]))
    else:
        picture = Image.new(mode, size, "white" if mode != "CMYK" else (0, 0, 0, 0))
    picture.save("thin.tif")
    ranges = {"16 bits": [0.0, 200.0], "floating point": [0.0, 200.0]}
    pixels = read_picture("thin.tif", 1, 16, 16, ranges)[0]
    if size[0] > size[1]:
        pixels = pixels.T
    lines = pixels.max(axis=0)
    assert (lines == pixels.min(axis=0)).all()
    inked = np.nonzero(lines)[0]
    assert len(inked) == (16 if size == (1, 1) else 1)
    assert size == (1, 1) or inked[0] in (7, 8)


def make_pipe():
    os.mkfifo("x.png")


def make_socket():
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("x.png")


def make_link():
    Path("x.png").symlink_to("nowhere.png")


def make_folder():
    Path("x.png").mkdir()


def make_nothing():
    return None


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(make_pipe, "a pipe, a socket or a device", marks=NO_PIPES),
        pytest.param(make_socket, "a pipe, a socket or a device", marks=NO_PIPES),
        pytest.param(make_link, "a link to a file that does not exist", marks=NO_PIPES),
        (make_folder, "it is a folder"),
        (make_nothing, "there is no such file"),
    ],
)
def test_what_is_no_file_is_named_at_once(make, reason):
    make()
    with pytest.raises(PictureError, match=f"x.png cannot be read as a picture: .*{reason}"):
        read_picture("x.png", 3, 8, 8)
    assert survey_pictures([Path("x.png")]).depths == {}


def test_heic_without_its_package_is_named_with_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    # An iPhone's photo may come with the name of another format.
    for name in ("photo.heic", "photo.jpg"):
        Path(name).write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
        with pytest.raises(PictureError, match=f"{name} .* HEIC .*: pip install pillow-heif"):
            read_picture(name, 3, 8, 8)


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"\xff\x0a" + bytes(50), "JPEG XL is not known: save it as JPEG or PNG"),
        (b"", "it is empty"),
        (b"text", "another format, or is damaged: save it as JPEG or PNG"),
    ],
)
def test_an_unknown_format_is_named_with_advice(content, advice):
    Path("x.png").write_bytes(content)
    with pytest.raises(PictureError, match=advice):
        read_picture("x.png", 3, 8, 8)


def test_a_survey_tells_the_size_in_the_middle_and_whether_all_are_grey():
    for number, side in enumerate((20, 28, 28, 31, 4000)):
        Image.new("RGB", (side, side // 2), (70, 70, 70)).save(f"{number}.png")
    paths = sorted(Path().glob("*.png"))
    survey = survey_pictures(paths)
    assert (survey.longer_side, survey.is_grey) == (28, True)
    Image.new("RGB", (9, 9), (70, 90, 70)).save("5.png")
    assert not survey_pictures([*paths, Path("5.png")]).is_grey


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_what_shows_no_colour_is_grey_however_it_is_stored(mode):
    pixels = random_values(6, 6, most=255).astype(np.uint8)
    picture = Image.fromarray(pixels)
    if mode == "I;16":
        picture = Image.fromarray(pixels.astype(np.uint16))
    elif mode == "CMYK":
        picture = Image.merge("CMYK", [Image.new("L", (6, 6))] * 3 + [picture])
    else:
        picture = picture.convert(mode)
    picture.save("grey.tif")
    assert survey_pictures([Path("grey.tif")]).is_grey


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "LA", "P", "CMYK", "1"])
def test_a_large_picture_is_read_in_pieces_with_the_same_result(mode, tmp_path, monkeypatch):
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (97, 61, 4), dtype=np.uint8)
    path = tmp_path / "a.tif"
    exif = Image.Exif()
    exif[274] = 6  # it lies on its side
    Image.fromarray(pixels, "RGBA").convert(mode).save(path, exif=exif)
    for channels in (1, 3):
        for height, width in ((16, 16), (7, 40), (200, 3)):
            size = (path, channels, height, width)
            whole = read_picture(*size, invert_paper=True)
            with monkeypatch.context() as patch:
                patch.setattr(picture_file, "PIXELS_AT_ONCE", 500)
                assert np.array_equal(read_picture(*size, invert_paper=True), whole)
            with Image.open(path) as file:  # as Pillow resizes it at once
                one = picture_file.opaque(ImageOps.exif_transpose(file))
                one = one.convert("L" if channels == 1 else "RGB")
                if picture_file.has_light_corners(np.asarray(one)):
                    one = ImageOps.invert(one)
                assert np.array_equal(as_pillow(one, height, width), whole)


def as_pillow(picture, height, width):
    """Return a picture as Pillow fits it into a size at once (C, H, W) in 0..1."""
    scale = min(width / picture.width, height / picture.height)
    new = [max(1, round(picture.width * scale)), max(1, round(picture.height * scale))]
    small = picture.resize(new, Image.Resampling.BOX)
    sheet = Image.new(picture.mode, (width, height))
    sheet.paste(small, (round((width - new[0]) / 2), round((height - new[1]) / 2)))
    values = np.asarray(sheet, np.float32).reshape(height, width, -1) / np.float32(255)
    return values.transpose(2, 0, 1)
