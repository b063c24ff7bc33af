"""What the page of tools.demo asks for: a text."""

import json
from pathlib import Path

import gradio as gr

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from tools.demo_answer import Form


def build_form(folder: Path, loaded: LoadedModel[Config, Info]) -> Form:
    """Put the field on the page, and return what it is.

    Args:
        folder: The run's; eval.py leaves examples there.
        loaded: The model, and what is known of the texts in training.
    """
    info = loaded.info
    read = f"its first {info.max_length} characters are read"
    if info.max_tokens:
        read += f", and of these at most {info.max_tokens} tokens"
    field = gr.Textbox(
        label="Text",
        lines=5,
        max_lines=15,
        autofocus=True,
        placeholder="Type or paste a text",
        info=read,
    )
    examples = folder / "examples" / "texts.txt"
    if examples.exists():
        gr.Examples(examples.read_text(encoding="utf-8").splitlines(), field)

    def write(scratch: Path, text: str) -> Path | None:
        if not text.strip():
            return None
        path = scratch / "text.jsonl"  # in a file, so that no text is taken for the name of one
        path.write_text(json.dumps({info.text_column: text}), encoding="utf-8")
        return path

    return Form([field], [field.change], "Type a text.", write)
