"""What the page of tools.demo asks for: the answer to a text is that of predict.py."""

from pathlib import Path
from typing import NamedTuple

import pytest
import torch

from config import Config
from data import Info
from engine.checkpoint import load_model
from engine.terminal import in_one_line
from model import build_model
from predict import main as predict
from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from tools import demo_form  # noqa: E402
from tools.demo_answer import Answerer, Form  # noqa: E402
from tools.form_fields import describe_form  # noqa: E402


class Page(NamedTuple):
    """What stands behind the page of a run."""

    folder: Path
    form: Form
    answerer: Answerer

    def answer(self, text: str):
        """Return what is answered to a text."""
        return self.answerer.answer(self.form, text)


@pytest.fixture
def page(tiny):
    """The page of a short run."""
    folder = train(tiny)
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model)
    with gr.Blocks():
        form = demo_form.build_form(folder, loaded, describe_form(folder, loaded))
    return Page(folder, form, Answerer(loaded))


@pytest.mark.parametrize("text", ['Dove "andiamo", amico?', "한국말", "two\nlines", "x" * 999])
def test_a_text_gets_the_answer_of_predict(page, text, capsys):
    bars, line = page.answer(text)
    capsys.readouterr()
    predict((text,), run_dir=str(page.folder), device="cpu")
    assert capsys.readouterr().out == f"{in_one_line(text)}: {line}\n"
    best = max(bars, key=bars.get)
    assert line.startswith(f"{best} {bars[best]:.1%}, ")


@pytest.mark.parametrize("nothing", ["", " \n "])
def test_no_text_gets_a_hint(page, nothing):
    assert page.answer(nothing) == (None, "Type a text.")


@pytest.mark.parametrize("name", [__file__, "none.csv", ".", "\0", "\ud800"])
def test_no_text_is_taken_for_the_name_of_a_file(page, name):
    bars, _ = page.answer(name)
    assert sum(bars.values()) == pytest.approx(1)


@pytest.mark.parametrize("wrong", [5, True, ["a"], {"a": 1}, "x" * 20_001])
def test_what_is_no_text_or_too_long_is_told_in_one_line(page, wrong):
    bars, line = page.answer(wrong)
    assert bars is None
    assert line in (
        "this is no text",
        "this text has 20,001 characters: at most 20,000 can be sent",
    )
