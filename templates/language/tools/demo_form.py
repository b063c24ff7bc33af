"""What the page of tools.demo asks for: how a text begins. It writes on, as predict.py does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from config import Config
from data import Info, read_input
from engine.checkpoint import LoadedModel
from engine.documents import read_as
from engine.settings import UserError
from engine.writing import Draw, unknown_in, write_text
from tools.demo_answer import StreamingForm, take_as_sent
from tools.demo_guard import Limits
from tools.form_fields import HOTTEST, LAST_SEED, MOST_CHARACTERS, MOST_WRITTEN

BYTES_EACH = 12  # that a character has at most in JSON: "\\ud83d\\udd25"


class Words(NamedTuple):
    """What stands on the page, and how daring it is at first."""

    text: str
    placeholder: str
    count: str
    button: str
    written: str
    hint: str
    temperature: float


WORDS = {  # by what the model reads: a network of one's own, or a chat model
    "character": Words(
        text="Text",
        placeholder="How does it begin?",
        count="Characters",
        button="Write",
        written="It writes",
        hint="Type how a text begins, then press Write.",
        temperature=0.8,
    ),
    "token": Words(
        text="Question",
        placeholder="What do you want to know?",
        count="Tokens, at most",
        button="Ask",
        written="It answers",
        hint="Type a question, then press Ask.",
        temperature=0.0,
    ),
}


def build_form(
    folder: Path, loaded: LoadedModel[Config, Info], described: dict[str, Any]
) -> StreamingForm:
    """Put the fields on the page, and return what they are and how they are answered.

    Args:
        folder: Where eval.py has left examples: the run's, or a Space.
        loaded: The model, and the characters that training has seen.
        described: From describe_form.
    """
    info = loaded.info
    words = WORDS[info.unit]
    text = gr.Textbox(
        label=words.text,
        lines=4,
        max_lines=15,
        autofocus=True,
        placeholder=words.placeholder,
        info=f"the model looks back {info.context} {info.unit}s",
    )
    with gr.Row():
        count = gr.Slider(1, MOST_WRITTEN, 300, step=1, label=words.count, buttons=[])
        temperature = gr.Slider(
            0, HOTTEST, words.temperature, step=0.1, label="Temperature", buttons=[]
        )
        seed = gr.Number(0, precision=0, label="Seed")
    button = gr.Button(words.button, variant="primary")
    fields = [text, count, temperature, seed]
    for field in fields:
        take_as_sent(field)
    paths = sorted(folder.glob("examples/*.txt"))
    if paths:
        gr.Examples([read_as(path.read_text(encoding="utf-8")) for path in paths], text)
    written = gr.Textbox(label=words.written, lines=12, max_lines=30, render=False)
    note = gr.Textbox(label="Note", render=False)

    def answer(*values: Any) -> Iterator[tuple[str, str]]:
        try:
            begun, count, draw = check_values(*values)
            if not begun:
                yield "", words.hint
                return
            unknown = unknown_in([begun], info)
            said = f"Training has not seen {unknown}: each is read as the same." if unknown else ""
            shown = "" if info.unit == "token" else begun  # an answer does not repeat the question
            for character in write_text(loaded.model, read_input(begun, info), count, draw, info):
                shown += character
                yield shown, said
        except UserError as error:
            yield "", str(error)

    limits = Limits(question=64_000 + BYTES_EACH * MOST_CHARACTERS, upload=0)
    events = [button.click, text.submit]
    return StreamingForm(fields, events, [written, note], answer, limits)


def check_values(text: Any, count: Any, temperature: Any, seed: Any) -> tuple[str, int, Draw]:
    """Return how the text begins, how many characters are to be written, and how.

    Raises:
        UserError: A field holds what it cannot.
    """
    if not isinstance(text, str | None):
        raise UserError("Text: this is no text")
    text = text or ""
    if len(text) > MOST_CHARACTERS:
        what = f"Text: it has {len(text):,} characters"
        raise UserError(f"{what}, at most {MOST_CHARACTERS:,} can be sent")
    begun = read_as(text.encode("utf-8", "replace").decode("utf-8"))
    count = check_number("Characters", count, 1, MOST_WRITTEN)
    temperature = check_number("Temperature", temperature, 0, HOTTEST)
    seed = check_number("Seed", seed, 0, LAST_SEED)
    return begun, int(count), Draw(temperature, seed=int(seed))


def check_number(name: str, value: Any, least: int, most: int) -> float:
    """Return the value of a field, if it is a number from the least to the most one."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:  # nan is refused too
        raise UserError(f"{name}: a number from {least} to {most} is needed")
    return value
