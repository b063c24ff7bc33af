"""What demo.py asks for: the answer to a text is that of predict.py."""

from pathlib import Path

import pytest

from predict import main as predict
from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from extras import form, page  # noqa: E402


@pytest.fixture
def ask(tiny):
    """Return the run, and a function that answers a text as the page does."""
    folder = Path(train(tiny))
    answer, config, state = page.make_answer(folder, "cpu")
    with gr.Blocks():
        _, _, write = form.build_form(folder, config, state)
    return folder, lambda text: answer(write, text)


@pytest.mark.parametrize("text", ['Dove "andiamo", amico?', "한국말", "two\nlines", "x" * 999])
def test_a_text_gets_the_answer_of_predict(ask, text, capsys):
    folder, answer = ask
    bars, line = answer(text)
    capsys.readouterr()
    predict((text,), run_dir=str(folder), device="cpu")
    assert capsys.readouterr().out == f"{text}: {line}\n"
    best = max(bars, key=bars.get)
    assert line.startswith(f"{best} {bars[best]:.1%}, ")


@pytest.mark.parametrize("nothing", ["", " \n "])
def test_no_text_gets_a_hint(ask, nothing):
    assert ask[1](nothing) == (None, form.HINT)


@pytest.mark.parametrize("name", [__file__, "none.csv", ".", "\0", "\ud800"])
def test_no_text_is_taken_for_the_name_of_a_file(ask, name):
    bars, _ = ask[1](name)
    assert sum(bars.values()) == pytest.approx(1)
