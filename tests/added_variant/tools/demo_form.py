"""What the page of tools.demo asks for: a point."""

from pathlib import Path
from typing import Any

import gradio as gr

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from tools.demo_answer import Form


def build_form(folder: Path, loaded: LoadedModel[Config, Info], described: dict[str, Any]) -> Form:
    """Put two sliders on the page, and return what they are."""
    x = gr.Slider(0, 1, value=0.2, step=0.01, label="x")
    y = gr.Slider(0, 1, value=0.2, step=0.01, label="y")

    def write(scratch: Path, x: float, y: float) -> Path:
        path = scratch / "point.txt"
        path.write_text(f"{x} {y}", encoding="utf-8")
        return path

    return Form([x, y], [x.change, y.change], "Move a slider.", write)
