"""What the page of tools.demo asks for: it writes on as predict.py does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch

from config import Config
from data import Info
from engine.checkpoint import load_model
from model import build_model
from predict import main as predict
from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from tools import demo_form  # noqa: E402
from tools.demo_answer import StreamingForm  # noqa: E402
from tools.form_fields import describe_form  # noqa: E402


class Page(NamedTuple):
    """What stands behind the page of a run."""

    folder: Path
    form: StreamingForm

    def answers(
        self, text: Any, count: Any = 30, temperature: Any = 0.8, seed: Any = 0
    ) -> Iterator[tuple[str, str]]:
        """Return what is shown, one after the other: a text, and a note."""
        return self.form.answer(text, count, temperature, seed)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a short run."""
    folder = tmp_path_factory.mktemp("trained") / "run"
    config = Config(epochs=1, limit_batches=30, context=16, width=8, device="cpu")
    train(replace(config, run_dir=str(folder)))
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model)
    with gr.Blocks():
        form = demo_form.build_form(folder, loaded, describe_form(folder, loaded))
    return Page(folder, form)


@pytest.mark.parametrize(
    "text", ["What is", "\ud55c\uad6d\ub9d0 e\u0301", "two \r\nlines\n\n", "long " * 99]
)
@pytest.mark.parametrize(("temperature", "seed"), [(0.8, 0), (1.5, 7), (0, 3)])
def test_it_writes_what_predict_writes(page, text, temperature, seed, capsys):
    *_, (written, _) = page.answers(text, 30, temperature, seed)
    capsys.readouterr()
    folder = str(page.folder)
    predict((text,), 30, temperature, seed=seed, run_dir=folder, device="cpu")
    assert capsys.readouterr().out == f"{written}\n"


def test_the_text_grows_by_one_character_after_the_other(page):
    shown = [text for text, _ in page.answers("What", 30)]
    assert len(shown) == 30
    assert shown == [shown[-1][: len("What") + number] for number in range(1, 31)]


def test_characters_that_training_has_not_seen_are_named(page):
    *_, (written, note) = page.answers("a \u2603 \ud55c \u2603")
    assert written.startswith("a \u2603 \ud55c \u2603")
    assert note.startswith("Training has not seen '\u2603' '\ud55c'")
    *_, (_, note) = page.answers("a")
    assert not note


@pytest.mark.parametrize("nothing", [None, "", " \n "])
def test_no_text_gets_a_hint(page, nothing):
    assert list(page.answers(nothing)) == [("", demo_form.WORDS["character"].hint)]


@pytest.mark.parametrize("name", [__file__, "none.txt", ".", "\0", "\ud800"])
def test_no_text_is_taken_for_the_name_of_a_file(page, name):
    *_, (written, _) = page.answers(name, 5)
    assert len(written) == len(name) + 5
    written.encode("utf-8")  # so that it can be sent


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"text": 5}, "Text: this is no text"),
        ({"text": ["a"]}, "Text: this is no text"),
        ({"text": "x" * 20_001}, "Text: it has 20,001 characters, at most 20,000 can be sent"),
        ({"count": 0}, "Characters: a number from 1 to 2000 is needed"),
        ({"count": 2001}, "Characters: a number from 1 to 2000 is needed"),
        ({"count": None}, "Characters: a number from 1 to 2000 is needed"),
        ({"temperature": -0.1}, "Temperature: a number from 0 to 2 is needed"),
        ({"temperature": float("nan")}, "Temperature: a number from 0 to 2 is needed"),
        ({"seed": True}, "Seed: a number from 0 to 999999999 is needed"),
        ({"seed": "0"}, "Seed: a number from 0 to 999999999 is needed"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(page, wrong, line):
    assert list(page.answers(**{"text": "a", **wrong})) == [("", line)]


def test_the_page_begins_with_the_settings_of_predict(page):
    _, count, temperature, seed = (field.value for field in page.form.fields)
    assert (count, temperature, seed) == (300, 0.8, 0)
