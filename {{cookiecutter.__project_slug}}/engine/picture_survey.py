"""What the pictures of a folder are like: how large, grey or in colour, how many bits."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median_low

import numpy as np
from PIL import ImageOps

from engine.all_cores import with_all_cores
from engine.cache_file import load_cached, new_cached
from engine.picture_file import (
    Depth,
    PictureError,
    Ranges,
    depth_of,
    opaque,
    opened,
    read_deep,
    suggest_range,
)

ALMOST_GREY = 2  # of 255: red, green and blue differ by so much in a grey photo saved as JPEG
THUMBNAIL = (64, 64)  # of a JPEG so many pixels tell whether it is grey


@dataclass(frozen=True)
class Survey:
    """What the pictures of a folder have in common."""

    longer_side: int  # in pixels, of the picture in the middle when they are sorted by size
    is_grey: bool  # no picture has a colour
    depths: dict[str, int] = field(default_factory=dict)  # how many have which depth above 8 bits
    ranges: Ranges = field(default_factory=dict)  # for these depths, which values become 0 and 1

    def save(self, path: Path) -> None:
        """Write it into a file of runs/cache."""
        with new_cached(path) as file:
            file.write(json.dumps(asdict(self)).encode())

    def notes(self) -> list[str]:
        """Return a line for the user about each depth above 8 bits."""
        lines = []
        for depth, count in self.depths.items():
            black, white = self.ranges[depth]
            lines.append(f"{count} pictures of {depth}: {black:g} becomes 0, {white:g} becomes 1")
        return lines


@dataclass(frozen=True, slots=True)
class Look:
    """What one picture is like."""

    longer_side: int
    depth: Depth
    has_colour: bool
    lowest: float = 0.0  # of its values, where it has more than 8 bits
    highest: float = 0.0


def survey_pictures(paths: list[Path]) -> Survey:
    """Return what pictures are like. Those that cannot be read do not count.

    Args:
        paths: Of all pictures.
    """
    asks_for_colour = True

    def look(path: Path) -> Look | None:
        nonlocal asks_for_colour  # each process has its own
        found = look_at(path, asks_for_colour)
        if found is not None and found.has_colour:
            # One picture in colour is enough to know, and to look for it means to decode.
            asks_for_colour = False
        return found

    looks: list[Look] = []
    for some in with_all_cores(look, paths):
        looks += [one for one in some if one is not None]
    if not looks:
        return Survey(longer_side=1, is_grey=False)
    depths = Counter(one.depth for one in looks if one.depth != "8 bits")
    ranges: Ranges = {}
    for depth in depths:
        lowest = min(one.lowest for one in looks if one.depth == depth)
        highest = max(one.highest for one in looks if one.depth == depth)
        ranges[depth] = suggest_range(lowest, highest, depth)
    return Survey(
        longer_side=median_low(one.longer_side for one in looks),
        is_grey=not any(one.has_colour for one in looks),
        depths=dict(depths),
        ranges=ranges,
    )


def load_survey(path: Path) -> Survey | None:
    """Return what save has written, or None where there is none."""
    content = load_cached(path)
    if content is None:
        return None
    return Survey(**json.loads(content.tobytes()))


def look_at(path: Path, asks_for_colour: bool) -> Look | None:
    """Return what a picture is like, or None where it cannot be read.

    Args:
        path: The file.
        asks_for_colour: Find out whether it has colours; else that stays False.
    """
    try:
        with opened(path) as file:
            longer_side = max(file.size)
            depth = depth_of(file)
            if depth != "8 bits":
                deep = read_deep(path, file, depth)
                return Look(
                    longer_side=longer_side,
                    depth=depth,
                    has_colour=not has_equal_channels(deep.values, 0),
                    lowest=float(deep.values.min()),
                    highest=float(deep.values.max()),
                )
            has_colour = False
            if asks_for_colour and file.mode not in ("1", "L"):
                file.draft(None, THUMBNAIL)
                pixels = np.asarray(opaque(ImageOps.exif_transpose(file)).convert("RGB"))
                has_colour = not has_equal_channels(pixels.astype(np.int16), ALMOST_GREY)
            return Look(longer_side, depth, has_colour)
    except PictureError:
        return None


def has_equal_channels(pixels: np.ndarray, most: int) -> bool:
    """Return whether the channels of a picture (H, W, C) differ by no more than this."""
    return bool((pixels.max(axis=2) - pixels.min(axis=2)).max() <= most)
