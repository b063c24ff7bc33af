"""What demo.py asks for: a drawing or a picture."""

import math
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image, ImageOps, ImageStat

from config import Config

HINT = "Draw, or choose a picture."
PAPER, LAYER = Image.new("L", (400, 400), "white"), Image.new("RGBA", (400, 400))
SHEET: Any = {"background": PAPER, "layers": [LAYER], "composite": PAPER}
PEN = gr.Brush(default_size=18, colors=["#000000"], color_mode="fixed")  # as thick as in the digits


def build_form(folder: Path, _: Config, state: dict[str, Any]) -> tuple[Any, ...]:
    """Put the fields on the page; return when to answer, the fields, and what writes a file."""
    mean, shown = state["inputs"]["mean"], gr.State("Picture")  # the tab: a left one reports late
    events, drawings = [], []
    if max(mean) - min(mean) < 1 and abs(mean[0] - 128) > 32:  # training saw ink on plain paper
        shown.value = "Draw"
        with gr.Tab("Draw") as tab:
            sketch = gr.Sketchpad(  # with a sheet in it one can draw at once, and is answered
                SHEET, type="pil", image_mode="L", canvas_size=PAPER.size, fixed_canvas=True,
                brush=PEN, layers=False, transforms=(), buttons=[], show_label=False, height=480,
            )  # fmt: skip
            sketch.clear(lambda: SHEET, None, sketch, show_progress="hidden")
        tab.select(lambda: "Draw", None, shown)
        events, drawings = [sketch.change, sketch.clear], [sketch]
    with gr.Tab("Picture") as tab:
        picture = gr.Image(type="filepath", image_mode=None, show_label=False, height=400)
        if examples := [str(path) for path in sorted(folder.glob("examples/*"))]:
            gr.Examples(examples, picture)
    tab.select(lambda: "Picture", None, shown)

    def write_picture(scratch: Path, shown: str, path: str | None, *drawn: Any) -> Path | None:
        if shown == "Picture":
            return Path(path) if path else None
        (drawing,) = drawn
        if drawing is None or drawing["composite"] is None:
            return None
        return save_ink(drawing["composite"], mean[0], scratch / "drawing.png")

    return [*events, picture.change, shown.change], [shown, picture, *drawings], write_picture


def save_ink(drawing: Image.Image, mean: float, path: Path) -> Path | None:
    """Write a drawing as a picture like those in training; return None if it is empty.

    It is cut out, and gets such a margin that the share of ink is the mean one in training.
    """
    ink = ImageOps.invert(drawing)
    box = ink.getbbox()
    if box is None:
        return None
    ink = ink.crop(box)
    seen = max(1.0, min(mean, 255 - mean)) / 255
    share = ImageStat.Stat(ink).sum[0] / 255 / max(ink.size) ** 2
    side = round(max(ink.size) * max(1.02, math.sqrt(share / seen)))
    square = Image.new("L", (side, side))
    square.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
    (square if mean < 128 else ImageOps.invert(square)).save(path)
    return path
