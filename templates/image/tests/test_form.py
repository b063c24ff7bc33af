"""What demo.py asks for: the answer to a picture or a drawing is that of predict.py."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from config import Config
from eval import main as evaluate
from loading.pictures import read_picture
from predict import main as predict
from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from extras import form, page  # noqa: E402

PAPER = Image.new("L", (400, 400), "white")


@pytest.fixture
def asked(tiny):
    """A run, what answers, and what takes a drawing and a picture."""
    folder = Path(train(tiny))
    evaluate(run_dir=str(folder), device="cpu", baseline=False)
    answer, config, state = page.make_answer(folder, "cpu")
    with gr.Blocks():
        _, _, write = form.build_form(folder, config, state)

    # What the other tab holds does not matter.
    def take_drawing(scratch, drawing):
        return write(scratch, "Draw", "other.png", drawing)

    def take_picture(scratch, path):
        return write(scratch, "Picture", path, draw(100, 80, 240))

    return folder, answer, take_drawing, take_picture


def draw(left, top, size):
    """Return a drawing of a four."""
    sheet = PAPER.copy()
    points = [(0.5, 0), (0.1, 0.7), (0.8, 0.7), (0.6, 0.7), (0.6, 0.4), (0.6, 1)]
    path = [(left + x * size, top + y * size) for x, y in points]
    ImageDraw.Draw(sheet).line(path, "black", round(size / 8))
    return {"background": PAPER, "layers": [], "composite": sheet}


def test_a_picture_gets_the_answer_of_predict(asked, capsys):
    folder, answer, _, take_picture = asked
    paths = sorted(folder.glob("examples/*"))
    assert len(paths) == 5
    for path in paths:
        bars, line = answer(take_picture, str(path))
        capsys.readouterr()
        predict((str(path),), run_dir=str(folder), device="cpu")
        assert capsys.readouterr().out == f"{path}: {line}\n"
        best = max(bars, key=bars.get)
        assert line.startswith(f"{best} {bars[best]:.1%}, ")
        assert sum(bars.values()) == pytest.approx(1)


def test_a_drawing_gets_the_answer_of_predict_to_its_picture(asked, capsys, tmp_path):
    folder, answer, take_drawing, _ = asked
    drawing = draw(100, 80, 240)
    _, line = answer(take_drawing, drawing)
    path = take_drawing(tmp_path, drawing)
    capsys.readouterr()
    predict((str(path),), run_dir=str(folder), device="cpu")
    assert capsys.readouterr().out == f"{path}: {line}\n"


def test_where_and_how_large_something_is_drawn_hardly_matters(tmp_path):
    pictures = []
    for place in ((40, 30, 320), (10, 220, 160), (230, 10, 120)):
        path = form.save_ink(draw(*place)["composite"], 78.0, tmp_path / "drawing.png")
        assert path
        pictures.append(read_picture(path, 1, 8, 8, paper=True).astype(float))
    first, *others = pictures
    assert first.max() > 200
    assert first[0, 0, 0] < 20  # light on dark, as the digits are
    for other in others:
        assert abs(other - first).mean() < 12


@pytest.mark.parametrize("mean", [33.0, 222.0], ids=["light on dark", "dark on light"])
def test_a_drawing_is_as_inked_as_the_pictures_in_training(mean, tmp_path):
    path = form.save_ink(draw(150, 150, 100)["composite"], mean, tmp_path / "drawing.png")
    assert path
    with Image.open(path) as picture:
        values = np.asarray(picture)
    assert values.mean() == pytest.approx(mean, abs=4)


def test_an_empty_canvas_or_no_picture_gets_a_hint(asked):
    _, answer, take_drawing, take_picture = asked
    empty = {"background": PAPER, "layers": [], "composite": PAPER}
    for nothing in (None, empty, empty | {"composite": None}):
        assert answer(take_drawing, nothing) == (None, form.HINT)
    assert answer(take_picture, None) == (None, form.HINT)


def test_a_file_that_is_no_picture_is_named(asked, tmp_path):
    _, answer, _, take_picture = asked
    (tmp_path / "notes.png").write_text("no picture", encoding="utf-8")
    bars, line = answer(take_picture, str(tmp_path / "notes.png"))
    assert bars is None
    assert "cannot be read as a picture" in line


def test_photos_are_not_drawn(tmp_path):
    with gr.Blocks():
        state = {"inputs": {"mean": [110.0, 120.0, 90.0]}}
        _, fields, _ = form.build_form(tmp_path, Config(), state)
    assert [type(field) for field in fields] == [gr.State, gr.Image]
