"""What the page of tools.demo asks for: a text."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.settings import UserError
from tools.demo_answer import Form, take_as_sent
from tools.demo_guard import Limits
from tools.why import explain

BYTES_EACH = 12  # that a character has at most in JSON: "\\ud83d\\udd25"


def build_form(folder: Path, loaded: LoadedModel[Config, Info], described: dict[str, Any]) -> Form:
    """Put the field on the page, and return what it is.

    Args:
        folder: Where eval.py has left examples: the run's, or a Space.
        loaded: The model, and what is known of the texts in training.
        described: From describe_form.
    """
    info = loaded.info
    read = f"its first {info.max_length} characters are read"
    most = getattr(info, "max_tokens", 0)  # an Info of your own may have none
    if most:
        read += f", and of these at most {most} tokens"
    field = gr.Textbox(
        label="Text",
        lines=5,
        max_lines=15,
        autofocus=True,
        placeholder="Type or paste a text",
        info=read,
    )
    take_as_sent(field)
    most = described["most_characters"]
    examples = folder / "examples" / "texts.txt"
    if examples.exists():
        gr.Examples(examples.read_text(encoding="utf-8").splitlines(), field)

    def write(scratch: Path, text: Any) -> Path | None:
        if text is None:
            return None
        if not isinstance(text, str):
            raise UserError("this is no text")
        if len(text) > most:
            raise UserError(f"this text has {len(text):,} characters: at most {most:,} can be sent")
        if not text.strip():
            return None
        path = scratch / "text.jsonl"  # in a file, so that no text is taken for the name of one
        path.write_text(json.dumps({info.text_column: text}), encoding="utf-8")
        return path

    limits = Limits(question=64_000 + BYTES_EACH * most, upload=0)
    return Form([field], [field.change], "Type a text.", write, partial(explain, loaded), limits)
