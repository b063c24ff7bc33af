"""Fonts for the pictures of a run: names of classes and texts may be in any language."""

import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category, east_asian_width

if TYPE_CHECKING:  # slow to load, so each function loads what it needs when it draws
    from matplotlib.figure import Figure
    from matplotlib.text import Text

FIRST_FONT = "DejaVu Sans"  # comes with matplotlib: Latin, Greek, Cyrillic, Arabic and more
# Fonts of other languages that look well, on Windows, macOS and Linux, the best first.
FONTS = [
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "NanumGothic",
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "Noto Sans CJK JP",
    "Yu Gothic",
    "Hiragino Sans",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "Nirmala UI",
    "Kohinoor Devanagari",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Leelawadee UI",
    "Noto Sans Thai",
    "FreeSans",
    "Arial Unicode MS",
]
BOXES = "lastresort"  # a font of this name has a box for every letter
MOST_NAMED = 10  # letters in a line


class Found(NamedTuple):
    """Fonts for some letters."""

    families: list[str]  # the first one that has a letter draws it
    missing: str  # letters that no font here has


def choose_fonts(figure: "Figure") -> None:
    """Let each text of a figure be drawn in fonts that have its letters.

    Where no font of this system has a letter, a box is drawn, and a line says what to install.
    """
    texts = texts_of(figure)
    letters = set("".join(text.get_text() for text in texts))
    letters = {letter for letter in letters if not letter.isascii() and is_seen(letter)}
    if not letters:
        return
    found = find_fonts("".join(sorted(letters)))
    for text in texts:
        text.set_fontfamily(found.families)
    if found.missing:
        warnings.filterwarnings("ignore", "Glyph")  # matplotlib's own words, once for each letter
        package = package_for(found.missing[0])
        if package not in ADVISED:
            ADVISED.add(package)
            print(advice(found.missing, package))


def texts_of(figure: "Figure") -> list["Text"]:
    """Return all texts of a figure. Matplotlib does not count those in the cells of a table."""
    from matplotlib.table import Cell
    from matplotlib.text import Text

    texts = []
    for artist in figure.findobj():
        if isinstance(artist, Cell):
            texts.append(artist.get_text())
        elif isinstance(artist, Text):
            texts.append(artist)
    return texts


def is_seen(letter: str) -> bool:
    """Return whether a letter needs a font: no space, and no accent on another letter."""
    return letter.isprintable() and category(letter)[0] not in "MZ"


@cache
def find_fonts(letters: str) -> Found:
    """Return fonts of this system that have these letters, each of which stands there once."""
    from matplotlib import font_manager

    families = [FIRST_FONT]
    missing = set(letters) - letters_in(font_manager.findfont(FIRST_FONT), letters)
    for paths in font_files():
        if not missing:
            break
        having = {name: letters_in(path, letters) for name, path in paths.items()}
        for name in sorted(having, key=lambda name: -len(having[name])):  # few fonts for a text
            if having[name] & missing:
                families.append(name)
                missing -= having[name]
    return Found(families, "".join(sorted(missing)))


def font_files() -> Iterator[dict[str, str]]:
    """Yield files of fonts by the fonts' names: the usual ones, then others, which take longer.

    Matplotlib keeps a list of the fonts that were here when it was first used. Those that were
    installed since then come last.
    """
    from matplotlib import font_manager

    fonts = font_manager.fontManager
    listed = {font.name: font.fname for font in fonts.ttflist}
    yield {name: listed[name] for name in FONTS if name in listed}
    yield listed
    before = {font.fname for font in fonts.ttflist}
    for path in sorted(set(font_manager.findSystemFonts()) - before):
        with suppress(Exception):  # a damaged font, or one of a kind that is not drawn
            fonts.addfont(path)
    yield {font.name: font.fname for font in fonts.ttflist if font.fname not in before}


def letters_in(path: str, letters: str) -> set[str]:
    """Return which of the letters a font can draw."""
    from matplotlib import font_manager

    try:
        font = font_manager.get_font(path)
        if not font.scalable or BOXES in font.family_name.lower().replace(" ", ""):
            return set()
        found = {letter for letter in letters if font.get_char_index(ord(letter))}
        for letter in sorted(found)[:1]:
            font.set_size(12, 72)
            font.load_char(ord(letter))  # some fonts have pictures of letters, which is an error
    except (OSError, RuntimeError):  # a damaged font too
        return set()
    return found


def package_for(letter: str) -> str:
    """Return which package of Debian and Ubuntu has a font with such a letter."""
    if category(letter)[0] == "S":
        return "fonts-symbola"
    if east_asian_width(letter) in "WF":
        return "fonts-noto-cjk"
    return "fonts-noto-core"


ADVISED: set[str] = set()  # the packages that were named already, once in a program


def advice(missing: str, package: str) -> str:
    """Return the line that says which letters are drawn as boxes, and how that ends."""
    named = missing[:MOST_NAMED]
    if len(missing) > MOST_NAMED:
        named += "…"
    return (
        f"pictures have boxes in place of {named}, since no font here has these: install one "
        f"(Debian, Ubuntu: sudo apt install {package}; Colab: !apt-get install {package}; "
        "others: fonts.google.com/noto), then run this again"
    )
