"""Fonts for pictures: a letter is drawn if any font here has it, or a line says what helps."""

import warnings

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.figure import Figure

from engine import fonts
from engine.plots import draw_curves, draw_table, save_figure

OF_MATPLOTLIB = "mpl-data"  # in the path of each font that comes with it


def make_font(path, letters):
    """Write a font in which each of the letters is a triangle."""
    builder = FontBuilder(unitsPerEm=1000)
    names = {ord(letter): f"letter{number}" for number, letter in enumerate(letters)}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 700))
    pen.lineTo((700, 0))
    pen.closePath()
    triangle = pen.glyph()
    glyphs = {".notdef": TTGlyphPen(None).glyph()} | dict.fromkeys(names.values(), triangle)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (800, 0) for name in glyphs})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return str(path)


@pytest.fixture
def bare(monkeypatch):
    """A system that has no font but those of matplotlib; returns where more can be put."""
    installed = []
    manager = font_manager.fontManager
    listed = [font for font in manager.ttflist if OF_MATPLOTLIB in font.fname]
    monkeypatch.setattr(manager, "ttflist", listed)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: installed)
    monkeypatch.setattr(fonts, "ADVISED", set())
    find = fonts.find_fonts
    find.cache_clear()
    yield installed
    find.cache_clear()


def draw(text, folder):
    """Save a picture with a text and return it; a warning is an error."""
    figure = Figure()
    written = figure.text(0, 0.5, text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save_figure(figure, folder / "picture.png")
    return written


def test_letters_without_a_font_are_named_once_and_so_is_what_helps(bare, tmp_path, capsys):
    draw("한글 and more", tmp_path)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("pictures have boxes in place of 글한, since no font here has these")
    assert "sudo apt install fonts-noto-cjk" in line
    draw("한국어", tmp_path)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("letters", "package"),
    [
        ("漢", "fonts-noto-cjk"),
        ("かな", "fonts-noto-cjk"),
        ("हिन्दी", "fonts-noto-core"),
        ("ไทย", "fonts-noto-core"),
        ("🦖", "fonts-symbola"),
    ],
)
def test_the_package_is_one_for_such_letters(bare, tmp_path, capsys, letters, package):
    draw(letters, tmp_path)
    assert f"apt install {package};" in capsys.readouterr().out


def test_a_long_line_names_a_few_letters(bare, tmp_path, capsys):
    draw("가나다라마바사아자차카타파하", tmp_path)
    (line,) = capsys.readouterr().out.splitlines()
    assert "in place of 가나다라마바사아자차…, since" in line


@pytest.mark.parametrize("text", ["plain", "ÄÖÜ é Ωλ Жя ← ∑", "a b \u200d\ufe0f", "\ue000"])
def test_letters_that_matplotlib_brings_a_font_for_need_no_other(bare, tmp_path, capsys, text):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # of signs that are not seen
        figure = Figure()
        figure.text(0, 0.5, text)
        fonts.choose_fonts(figure)
    assert capsys.readouterr().out == ""


def test_a_font_of_any_name_is_found(bare, tmp_path, capsys):
    font_manager.fontManager.addfont(make_font(tmp_path / "Other.ttf", "글"))
    font_manager.fontManager.addfont(make_font(tmp_path / "Written by hand.ttf", "한글"))
    written = draw("한글", tmp_path)
    assert written.get_fontfamily() == ["DejaVu Sans", "Written by hand"]  # the fewest fonts
    assert capsys.readouterr().out == ""


def test_a_well_known_font_comes_before_another_one(bare, tmp_path):
    font_manager.fontManager.addfont(make_font(tmp_path / "Another.ttf", "한글"))
    font_manager.fontManager.addfont(make_font(tmp_path / "NanumGothic.ttf", "한글"))
    assert draw("한글", tmp_path).get_fontfamily() == ["DejaVu Sans", "NanumGothic"]


def test_a_font_that_was_installed_since_matplotlib_listed_them_is_found(bare, tmp_path, capsys):
    damaged = tmp_path / "damaged.ttf"
    damaged.write_bytes(b"no font")
    bare += [str(damaged), make_font(tmp_path / "New.ttf", "한글")]
    assert draw("한글", tmp_path).get_fontfamily() == ["DejaVu Sans", "New"]
    assert capsys.readouterr().out == ""


def test_a_font_that_has_a_box_for_each_letter_is_none(bare, tmp_path, capsys):
    font_manager.fontManager.addfont(make_font(tmp_path / "Last Resort.ttf", "한글"))
    draw("한글", tmp_path)
    assert "boxes in place of 글한" in capsys.readouterr().out


def test_the_cells_of_a_table_are_drawn_in_such_a_font_too(bare, tmp_path, capsys):
    font_manager.fontManager.addfont(make_font(tmp_path / "Hangul.ttf", "한글"))
    figure = draw_table({"text": ["한글"]}, ["true"], [["a"]], "a title")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save_figure(figure, tmp_path / "table.png", margins=False)
    assert capsys.readouterr().out == ""


def test_plain_letters_look_for_no_font(bare, tmp_path, monkeypatch):
    monkeypatch.delattr(fonts, "find_fonts")
    draw("plain", tmp_path)


def test_a_metric_with_a_korean_name_is_drawn_in_the_curves(bare, tmp_path, capsys):
    font_manager.fontManager.addfont(make_font(tmp_path / "Hangul.ttf", "정확도"))
    row = {"epoch": 1, "val_정확도": 0.5}
    draw_curves([row], row, tmp_path)
    assert capsys.readouterr().out == ""
