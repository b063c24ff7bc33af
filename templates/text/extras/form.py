"""What demo.py asks for: a text."""

import json
from pathlib import Path
from typing import Any

import gradio as gr

from config import Config

HINT = "Type a text."


def build_form(folder: Path, _: Config, state: dict[str, Any]) -> tuple[Any, ...]:
    """Put the field on the page; return when to answer, the field, and what writes a file."""
    column, most = (state["inputs"][key] for key in ("text_column", "max_length"))
    text = gr.Textbox(
        label="Text", lines=5, max_lines=15, autofocus=True,
        placeholder="Type or paste a text", info=f"its first {most} characters are read",
    )  # fmt: skip
    examples = folder / "examples" / "texts.txt"
    if examples.exists():
        gr.Examples(examples.read_text(encoding="utf-8").splitlines(), text)

    def write_text(scratch: Path, text: str) -> Path | None:
        path = scratch / "text.jsonl"  # in a file, so that no text is taken for the name of one
        path.write_text(json.dumps({column: text}), encoding="utf-8")
        return path if text.strip() else None

    return [text.change], [text], write_text
