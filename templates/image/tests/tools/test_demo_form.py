"""What the page of tools.demo asks for: its answer to a picture or a drawing is predict.py's."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from config import Config
from data import Info
from engine.checkpoint import LoadedModel, load_model
from engine.pictures import read_picture
from eval import main as evaluate
from model import build_model
from predict import main as predict
from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from tools import demo_form  # noqa: E402
from tools.demo_answer import Answerer, Form  # noqa: E402
from tools.form_fields import describe_form  # noqa: E402

PAPER = Image.new("L", (400, 400), "white")


class Page(NamedTuple):
    """What stands behind the page of a run."""

    folder: Path
    form: Form
    answerer: Answerer

    def answer_drawing(self, drawing: Any):
        """Return what is answered to a drawing, whatever the other tab holds."""
        return self.answerer.answer(self.form, "Draw", drawing, "other.png")

    def answer_picture(self, path: Path | None):
        """Return what is answered to a picture, whatever the other tab holds."""
        return self.answerer.answer(self.form, "Picture", draw(100, 80, 240), path)


@pytest.fixture
def page(tiny):
    """The page of a short run."""
    folder = train(tiny)
    evaluate(run_dir=str(folder), device="cpu", baseline=False)
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model)
    with gr.Blocks():
        form = demo_form.build_form(folder, loaded, describe_form(folder, loaded))
    return Page(folder, form, Answerer(loaded))


def draw(left, top, size):
    """Return a drawing of a four, as the page hands it over."""
    sheet = PAPER.copy()
    corners = [(0.5, 0), (0.1, 0.7), (0.8, 0.7), (0.6, 0.7), (0.6, 0.4), (0.6, 1)]
    line = [(left + x * size, top + y * size) for x, y in corners]
    ImageDraw.Draw(sheet).line(line, "black", round(size / 8))
    return {"background": PAPER, "layers": [], "composite": sheet}


def test_a_picture_gets_the_answer_of_predict(page, capsys):
    paths = sorted(page.folder.glob("examples/*"))
    if not paths:
        pytest.skip("eval.py could not write examples of the test data, so there are no pictures")
    for path in paths:
        bars, line = page.answer_picture(path)
        capsys.readouterr()
        predict((str(path),), run_dir=str(page.folder), device="cpu")
        assert capsys.readouterr().out == f"{path}: {line}\n"
        best = max(bars, key=bars.get)
        assert line.startswith(f"{best} {bars[best]:.1%}, ")
        assert sum(bars.values()) == pytest.approx(1)


def test_a_drawing_gets_the_answer_of_predict_to_its_picture(page, capsys, tmp_path):
    drawing = draw(100, 80, 240)
    _, line = page.answer_drawing(drawing)
    path = page.form.write(tmp_path, "Draw", drawing, None)
    capsys.readouterr()
    predict((str(path),), run_dir=str(page.folder), device="cpu")
    assert capsys.readouterr().out == f"{path}: {line}\n"


def test_where_and_how_large_something_is_drawn_hardly_matters(tmp_path):
    pictures = []
    for left, top, size in ((40, 30, 320), (10, 220, 160), (230, 10, 120)):
        drawing = draw(left, top, size)["composite"]
        path = demo_form.save_ink(drawing, 0.3, tmp_path / "drawing.png")
        assert path
        pictures.append(255 * read_picture(path, 1, 8, 8, invert_paper=True))
    first, *others = pictures
    assert first.max() > 200
    assert first[0, 0, 0] < 20  # light on dark, as the digits are
    for other in others:
        assert abs(other - first).mean() < 12


@pytest.mark.parametrize("mean", [0.13, 0.87], ids=["light on dark", "dark on light"])
def test_a_drawing_is_as_inked_as_the_pictures_in_training(mean, tmp_path):
    drawing = draw(150, 150, 100)["composite"]
    path = demo_form.save_ink(drawing, mean, tmp_path / "drawing.png")
    assert path
    with Image.open(path) as picture:
        values = np.asarray(picture) / 255
    assert values.mean() == pytest.approx(mean, abs=0.016)


def test_an_empty_canvas_or_no_picture_gets_a_hint(page):
    empty = {"background": PAPER, "layers": [], "composite": PAPER}
    hint = (None, "Draw, or choose a picture.")
    assert page.answer_drawing(None) == hint
    assert page.answer_drawing(empty) == hint
    assert page.answer_drawing(empty | {"composite": None}) == hint
    assert page.answer_picture(None) == hint


def test_a_file_that_is_no_picture_is_named(page, tmp_path):
    (tmp_path / "notes.png").write_text("no picture", encoding="utf-8")
    bars, line = page.answer_picture(tmp_path / "notes.png")
    assert bars is None
    assert "cannot be read as a picture" in line


def test_photos_are_not_drawn(tmp_path):
    info = Info(channels=3, height=64, width=64, mean=[0.43, 0.47, 0.35])
    loaded = LoadedModel(torch.nn.Identity(), Config(), info, {})
    with gr.Blocks():
        form = demo_form.build_form(tmp_path, loaded, describe_form(tmp_path, loaded))
    assert [type(field) for field in form.fields] == [gr.State, gr.Image]
