"""What demo.py asks for: a point."""

from pathlib import Path
from typing import Any

import gradio as gr

from config import Config

HINT = "Move a slider."


def build_form(folder: Path, _: Config, state: dict[str, Any]) -> tuple[Any, ...]:
    """Put the fields on the page; return when to answer, the fields, and what writes a file."""
    x, y = (gr.Slider(0, 1, value=0.2, step=0.01, label=name) for name in ("x", "y"))

    def write_point(scratch: Path, x: float, y: float) -> Path:
        (scratch / "point.txt").write_text(f"{x} {y}", encoding="utf-8")
        return scratch / "point.txt"

    return [x.change, y.change], [x, y], write_point
