"""What demo.py asks for: a point, which gets an answer."""

from pathlib import Path

import pytest

from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from extras import form, page  # noqa: E402


def test_a_point_gets_an_answer(tiny):
    answer, config, state = page.make_answer(Path(train(tiny)), "cpu")
    with gr.Blocks():
        _, _, write = form.build_form(Path(), config, state)
    bars, _ = answer(write, 0.8, 0.9)
    assert max(bars, key=bars.get) == "above"
