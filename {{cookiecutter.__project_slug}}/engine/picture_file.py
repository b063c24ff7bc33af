"""One picture file as an array, read with Pillow and NumPy alone.

Training, predict.py and the demo read pictures with it. tools.export copies it to infer_onnx.py,
which has no PyTorch: so it imports nothing else of the project.
"""

import os
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError, features

warnings.filterwarnings("ignore", module="PIL")  # a picture can be read, or it cannot

PIXELS_AT_ONCE = 1_000_000
LIGHT_CORNERS = 160  # of 255: paper is lighter
SHARE_IN_GREY = np.array([0.299, 0.587, 0.114])  # of red, green and blue, as Pillow makes grey
# How files of a kind begin.
HEIC_NAMES = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"heif", b"mif1", b"msf1"}
JPEG_XL_STARTS = (b"\xff\x0a", b"\x00\x00\x00\x0cJXL ")
TIFF_STARTS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
USUAL_BITS = (1, 2, 4, 8, 10, 12, 14, 16, 24, 32)  # a camera or a scanner has so many
# Numbers of tags in a TIFF file, and what they may say.
BITS_TAG = 258
COLOURS_TAG = 262
WHITE_IS_ZERO = 0
PLANES_TAG = 284
ONE_PLANE_EACH = 2

# How the values of a picture are stored. With more than 8 bits no file says which value is white.
Depth = Literal["8 bits", "16 bits", "32 bits", "floating point"]
# For a depth above 8 bits, the two values that become 0 and 1.
Ranges = dict[str, list[float]]


class PictureError(Exception):
    """A file cannot be read as a picture: the text names it, and says why and what to do."""


class DeepPicture(NamedTuple):
    """A picture of more than 8 bits, upright, with the values that its file holds."""

    values: np.ndarray  # (H, W, 1) or (H, W, 3) float64
    alpha: np.ndarray | None  # (H, W, 1), from 0 for transparent to 1; None where all is opaque
    white_is_zero: bool


def read_picture(
    path: str | os.PathLike[str],
    channels: int,
    height: int,
    width: int,
    ranges: Ranges | None = None,
    invert_paper: bool = False,
) -> np.ndarray:
    """Return the picture in a file (C, H, W) float32 in 0..1: upright, opaque, not stretched.

    Args:
        path: The file.
        channels: 1 makes it grey, 3 makes it red, green and blue.
        height: In pixels.
        width: In pixels.
        ranges: Which values become 0 and 1 where there are more than 8 bits. For a depth that it
            does not hold, the values of the picture itself tell.
        invert_paper: Make dark what is light where the corners of the picture are light.

    Raises:
        PictureError: It cannot be read as a picture.
    """
    with opened(path) as file:
        depth = depth_of(file)
        if depth == "8 bits":
            file.draft(None, (2 * width, 2 * height))  # of a JPEG only as many pixels as needed
            ImageOps.exif_transpose(file, in_place=True)  # a copy would take as much memory again
            mode = "L" if channels == 1 else "RGB"
            is_inverted = invert_paper and has_light_corners(corners_of(file, mode))

            def prepare(piece: Image.Image) -> Image.Image:
                piece = opaque(piece).convert(mode)
                return ImageOps.invert(piece) if is_inverted else piece

            picture = fit(file, height, width, prepare)
            pixels = np.asarray(picture, np.float32) / np.float32(255)
            return pixels.reshape(height, width, channels).transpose(2, 0, 1)
        deep = read_deep(path, file, depth)
        black, white = (ranges or {}).get(depth) or range_of(deep.values, depth)
        planes = scale(deep, black, white, channels)
        if invert_paper and has_light_corners(planes[0] * 255):
            planes = [1 - plane for plane in planes]
        # In mode "F" Pillow resizes floating point numbers, so that nothing is rounded.
        fitted = [np.asarray(fit(Image.fromarray(plane), height, width)) for plane in planes]
        return np.stack(fitted)


@contextmanager
def opened(path: str | os.PathLike[str]) -> Generator[Image.Image]:
    """Open a picture file. Whatever fails then, until it is closed, is a PictureError."""
    try:
        check_file(Path(path))
        with Image.open(path) as file:
            yield file
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        reason = reason_of_unknown(Path(path))
        raise PictureError(f"{path} cannot be read as a picture: {reason}") from error
    except Exception as error:  # a damaged picture makes Pillow raise almost anything
        raise PictureError(f"{path} cannot be read as a picture: {error}") from error


def check_file(path: Path) -> None:
    """Refuse what is no file, which could wait for ever, and what needs another package."""
    reason = ""
    if not path.exists():
        reason = "there is no such file"
        if path.is_symlink():
            reason = "it is a link to a file that does not exist"
    elif path.is_dir():
        reason = "it is a folder"
    elif not path.is_file():
        reason = "it is no file, but a pipe, a socket or a device"
    if reason:
        raise PictureError(f"{path} cannot be read as a picture: {reason}")
    start = start_of(path)
    names = start[8:]  # of what wrote it, and of what can read it
    if start[4:8] == b"ftyp" and b"avif" not in names and names[:4] in HEIC_NAMES:
        try:
            from pillow_heif import register_heif_opener
        except ImportError as error:
            advice = "pip install pillow-heif, or save it as JPEG"
            message = f"{path} cannot be read as a picture: HEIC needs a package more: {advice}"
            raise PictureError(message) from error
        register_heif_opener()


def start_of(path: Path) -> bytes:
    """Return the first bytes of a file, which say what it is, whatever it is called."""
    with path.open("rb") as file:
        return file.read(40)


def reason_of_unknown(path: Path) -> str:
    """Return why Pillow does not know what is in a file, and what to do."""
    start = start_of(path)
    if start[4:8] == b"ftyp" and b"avi" in start[8:] and not features.check("avif"):
        return "this Pillow has no AVIF: pip install --upgrade pillow, or save it as JPEG"
    if start.startswith(JPEG_XL_STARTS):
        return "JPEG XL is not known: save it as JPEG or PNG"
    if start.startswith(TIFF_STARTS):
        kinds = "grey with floating point or up to 32 bits, and colour with 8 or 16 bits, are known"
        return f"it is a TIFF or raw file of another kind ({kinds}): save it so, or as PNG"
    if start == b"":
        return "it is empty"
    return "it has another format, or is damaged: save it as JPEG or PNG"


def depth_of(file: Image.Image) -> Depth:
    """Return how the values of an opened picture are stored.

    Raises:
        PictureError: It has more than 8 bits, of which Pillow would drop some.
    """
    if file.mode == "F":
        return "floating point"
    if file.mode.startswith("I;16"):
        return "16 bits"
    if file.mode == "I":
        # Numbers of 16 bits below zero do not fit into a mode of 16 bits.
        return "16 bits" if raw_mode(file).startswith("I;16") else "32 bits"
    tags = getattr(file, "tag_v2", {})
    if max(tags.get(BITS_TAG, (8,))) <= 8 and ";16" not in raw_mode(file):
        return "8 bits"
    is_known = raw_mode(file).startswith(("RGB;16", "RGBA;16"))
    if is_known and tags.get(PLANES_TAG) != ONE_PLANE_EACH:
        return "16 bits"
    raise PictureError(
        f"{getattr(file, 'filename', 'a picture')} cannot be read as a picture: it has more than "
        "8 bits in a form of which Pillow drops some: save it as PNG, grey or RGB"
    )


def raw_mode(file: Image.Image) -> str:
    """Return how the decoder is told to understand a file's bytes: "RGB;16B" for example."""
    tiles = getattr(file, "tile", [])
    if not tiles:
        return ""
    arguments = tiles[0].args
    return str(arguments[0] if isinstance(arguments, tuple) else arguments)


def read_deep(path: str | os.PathLike[str], file: Image.Image, depth: Depth) -> DeepPicture:
    """Return a picture of more than 8 bits, with the values that its file holds.

    Args:
        path: The file.
        file: The same, opened.
        depth: From depth_of.
    """
    tags = getattr(file, "tag_v2", {})
    white_is_zero = tags.get(COLOURS_TAG) == WHITE_IS_ZERO
    hidden = file.info.get("transparency")  # the value of pixels that are transparent
    raw = raw_mode(file)  # decoding forgets it
    if file.mode in ("RGB", "RGBA"):
        # Pillow keeps one of the two bytes of each value. Asked for the other order of bytes, it
        # keeps the other one.
        high_byte = as_array(file)
        with Image.open(path) as again:
            swapped = raw[:-1] + ("L" if raw[-1] == "B" else "B")
            again.tile = [with_raw_mode(tile, swapped) for tile in again.tile]
            low_byte = as_array(again)
        values = 256 * high_byte + low_byte
    else:
        values = as_array(file)
        if raw.startswith("I;32") and not raw.endswith("S"):
            values = values % 2**32  # without a sign; Pillow takes the upper half for negative
    alpha = None
    if file.mode == "RGBA":
        alpha = values[:, :, 3:] / (2**16 - 1)
        values = values[:, :, :3]
    elif isinstance(hidden, int | tuple):
        is_seen = (values != np.array(hidden)).any(axis=2, keepdims=True)
        alpha = is_seen.astype(np.float64)
    if not np.isfinite(values).all():
        raise PictureError(f"{path} cannot be read as a picture: it holds NaN or infinite values")
    return DeepPicture(values, alpha, white_is_zero)


def as_array(file: Image.Image) -> np.ndarray:
    """Return the values of an opened picture, turned upright (H, W, C) float64."""
    upright = ImageOps.exif_transpose(file)
    values = np.asarray(upright).astype(np.float64)
    return values.reshape(upright.height, upright.width, -1)


def with_raw_mode(tile: ImageFile._Tile, raw: str) -> ImageFile._Tile:
    """Return what a decoder is told of a file, with its bytes understood in another way."""
    if isinstance(tile.args, tuple):
        return tile._replace(args=(raw, *tile.args[1:]))
    return tile._replace(args=raw)


def range_of(values: np.ndarray, depth: Depth) -> list[float]:
    """Return which values are black and white in a picture of more than 8 bits."""
    return suggest_range(float(values.min()), float(values.max()), depth)


def suggest_range(lowest: float, highest: float, depth: Depth) -> list[float]:
    """Return the values that shall become 0 and 1.

    A camera of 12 bits stores 0 to 4095 in 16 bits. So white is the largest number of as many bits
    as the highest value needs. Floating point numbers are mostly 0 to 1, or 0 to 255.

    Args:
        lowest: Of all values.
        highest: Of all values.
        depth: How they are stored.
    """
    if depth == "floating point":
        for usual in (1.0, 255.0):
            if lowest >= 0 and usual / 2 < highest <= usual:
                return [0.0, usual]
        return [lowest, highest]
    if lowest < 0:
        return [lowest, highest]
    bits = min(usual for usual in USUAL_BITS if highest < 2**usual)
    return [0.0, float(2**bits - 1)]


def scale(deep: DeepPicture, black: float, white: float, channels: int) -> list[np.ndarray]:
    """Return the channels of a picture of more than 8 bits, each (H, W) float32 in 0..1."""
    distance = white - black
    if distance <= 0:  # it is one value everywhere
        distance = 1.0
    values = ((deep.values - black) / distance).clip(0, 1)
    if deep.white_is_zero:
        values = 1 - values
    if deep.alpha is not None:  # laid on white
        values = deep.alpha * values + (1 - deep.alpha)
    if channels == 1 and values.shape[2] == 3:
        values = values @ SHARE_IN_GREY[:, None]
    planes = values.transpose(2, 0, 1).astype(np.float32)
    return [planes[min(number, len(planes) - 1)] for number in range(channels)]


def opaque(picture: Image.Image) -> Image.Image:
    """Return a picture of 8 bits, laid on white where it is transparent."""
    if picture.mode in ("La", "RGBa"):  # the colours are multiplied with their opacity
        picture = picture.convert(picture.mode.upper())
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return picture


def has_light_corners(pixels: np.ndarray) -> bool:
    """Return whether the four corners of a picture (H, W) in 0..255 are as light as paper."""
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
    return bool(corners.mean() > LIGHT_CORNERS)


def corners_of(picture: Image.Image, mode: str) -> np.ndarray:
    """Return the four corners of a picture of 8 bits, in 0..255 (2, 2) or (2, 2, 3)."""
    sheet = Image.new(mode, (2, 2))
    for column, x in enumerate((0, picture.width - 1)):
        for row, y in enumerate((0, picture.height - 1)):
            corner = picture.crop((x, y, x + 1, y + 1))
            sheet.paste(opaque(corner).convert(mode), (column, row))
    return np.asarray(sheet)


def as_it_is(piece: Image.Image) -> Image.Image:
    """Return the same picture."""
    return piece


def fit(
    picture: Image.Image,
    height: int,
    width: int,
    prepare: Callable[[Image.Image], Image.Image] = as_it_is,
) -> Image.Image:
    """Return a picture in another size, its proportions kept: it stands in the middle of black.

    Of the longest and thinnest picture a line of one pixel is left.

    Args:
        picture: Of any size.
        height: In pixels.
        width: In pixels.
        prepare: What is done to each pixel before. It gets some rows at a time: a scan of 100
            million pixels would take gigabytes otherwise.
    """
    new_width = width
    new_height = height
    if picture.width * height > picture.height * width:  # wider than what it has to fit into
        new_height = max(1, round(picture.height / picture.width * width))
    else:
        new_width = max(1, round(picture.width / picture.height * height))
    # First each row becomes shorter, then there are fewer rows: Pillow does it in this order too.
    narrow = None
    rows = max(1, PIXELS_AT_ONCE // picture.width)
    for top in range(0, picture.height, rows):
        bottom = min(top + rows, picture.height)
        piece = prepare(picture.crop((0, top, picture.width, bottom)))
        piece = piece.resize((new_width, bottom - top), Image.Resampling.BOX)
        if narrow is None:
            narrow = Image.new(piece.mode, (new_width, picture.height))
        narrow.paste(piece, (0, top))
    assert narrow is not None  # a picture has a row
    picture = narrow.resize((new_width, new_height), Image.Resampling.BOX)
    if (new_width, new_height) == (width, height):
        return picture
    sheet = Image.new(picture.mode, (width, height))
    sheet.paste(picture, (round((width - new_width) / 2), round((height - new_height) / 2)))
    return sheet


def is_one_colour(path: str | os.PathLike[str]) -> bool:
    """Return whether all pixels of a picture file are the same."""
    with opened(path) as file:
        depth = depth_of(file)
        if depth == "8 bits":
            values = np.asarray(opaque(file.copy()).convert("RGB"))
        else:
            values = read_deep(path, file, depth).values
        return bool((values == values[:1, :1]).all())
