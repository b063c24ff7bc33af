"""A picture that would take too much memory or time is refused before the page reads it."""

import struct
import sys
import zlib

import pytest
from PIL import Image

from engine.settings import UserError
from tools import picture_trial
from tools.picture_trial import try_picture

KEEPS_LIMITS = sys.platform == "linux"


def chunk(kind, content):
    """Return a part of a PNG file."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(width, height, extra=b"", bits=8, colours=0):
    """Return a black PNG; what is not written of it is missing."""
    head = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    pixels = zlib.compress(bytes(min(10_000_000, height * (1 + width))))
    parts = chunk(b"IHDR", head) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def tags(count, size):
    """Return Exif data of so many tags, each of which names the same bytes."""
    first = 10 + 12 * count
    entries = [struct.pack("<HHII", 1000 + tag, 1, size, first) for tag in range(count)]
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + b"".join(entries) + bytes(size + 8)


@pytest.fixture
def refuse(tmp_path):
    """Return a function that returns why a file is refused."""

    def reason(content):
        path = tmp_path / "a.png"
        path.write_bytes(content)
        with pytest.raises(UserError) as refused:
            try_picture(path)
        line = str(refused.value)
        assert "\n" not in line
        assert str(tmp_path) not in line
        return line

    return reason


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "L"), ("TIFF", "I;16")])
def test_a_usual_picture_can_be_read(tmp_path, kind, mode):
    path = tmp_path / "picture"
    Image.new(mode, (1200, 900)).save(path, kind)
    try_picture(path)


def test_more_pixels_than_the_page_reads_are_refused(refuse):
    for side in (7100, 60_000):
        assert "more than 50,000,000 pixels" in refuse(png(side, side))


@pytest.mark.skipif(not KEEPS_LIMITS, reason="only Linux keeps a limit on memory")
def test_tags_that_all_name_the_same_bytes_are_refused_or_take_no_memory(tmp_path):
    bomb = tags(2000, 1_000_000)  # 1 MB on the disk, 2 GB when it is unfolded
    path = tmp_path / "a.png"
    for content in (bomb, png(8, 8, chunk(b"eXIf", bomb))):
        path.write_bytes(content)
        try:
            try_picture(path)  # Pillow 13 does not unfold the tags that it does not need
        except UserError as refused:
            # Where memory runs out, Pillow may also take the file for one that it does not know.
            line = str(refused)
            assert line == picture_trial.too_much_memory() or "cannot be read" in line


def test_what_takes_too_long_is_refused(refuse, monkeypatch):
    monkeypatch.setattr(picture_trial, "SECONDS", 0.01)
    assert "takes more than 0.01 seconds" in refuse(png(8, 8))


@pytest.mark.parametrize("content", [b"", b"no picture", b"<svg/>", png(8, 8)[:40]])
def test_what_is_no_picture_is_refused(refuse, content):
    assert "cannot be read as a picture" in refuse(content)
