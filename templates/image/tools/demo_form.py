"""What the page of tools.demo asks for: a drawing or a picture."""

import math
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image, ImageOps, ImageStat

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from tools.demo_answer import Form

PAPER = Image.new("L", (400, 400), "white")
EMPTY_LAYER = Image.new("RGBA", PAPER.size)
SHEET: Any = {"background": PAPER, "layers": [EMPTY_LAYER], "composite": PAPER}


def build_form(folder: Path, loaded: LoadedModel[Config, Info]) -> Form:
    """Put the fields on the page, and return what they are.

    Args:
        folder: The run's; eval.py leaves examples there.
        loaded: The model, and what is known of the pictures in training.
    """
    mean = loaded.info.mean
    drawable = is_ink_on_paper(mean)
    # The tab that is open. Its own field says it: a tab that is left reports its change late.
    tab = gr.State("Draw" if drawable else "Picture")
    fields = [tab]
    events = [tab.change]
    if drawable:
        with gr.Tab("Draw") as draw_tab:
            sketch = add_sketch()
        draw_tab.select(lambda: "Draw", None, tab)
        fields.append(sketch)
        events += [sketch.change, sketch.clear]
    with gr.Tab("Picture") as picture_tab:
        picture = gr.Image(type="filepath", image_mode=None, show_label=False, height=400)
        examples = [str(path) for path in sorted(folder.glob("examples/*"))]
        if examples:
            gr.Examples(examples, picture)
    picture_tab.select(lambda: "Picture", None, tab)
    fields.append(picture)
    events.append(picture.change)

    def write(scratch: Path, open_tab: str, *values: Any) -> Path | None:
        if open_tab == "Picture":
            path = values[-1]
            return Path(path) if path else None
        drawing = values[0]
        if drawing is None or drawing["composite"] is None:
            return None
        return save_ink(drawing["composite"], mean[0], scratch / "drawing.png")

    return Form(fields, events, "Draw, or choose a picture.", write)


def is_ink_on_paper(mean: list[float]) -> bool:
    """Return whether training saw grey pictures that are mostly light or mostly dark.

    Args:
        mean: Of each channel, in 0..1.
    """
    is_grey = max(mean) - min(mean) < 0.004
    return is_grey and abs(mean[0] - 0.5) > 0.125


def add_sketch() -> Any:
    """Put a sheet of paper and a pen on the page, and return them."""
    pen = gr.Brush(default_size=18, colors=["#000000"], color_mode="fixed")  # as in the digits
    sketch = gr.Sketchpad(
        SHEET,  # with a sheet in it one can draw at once, and is answered
        type="pil",
        image_mode="L",
        canvas_size=PAPER.size,
        fixed_canvas=True,
        brush=pen,
        layers=False,
        transforms=(),
        buttons=[],
        show_label=False,
        height=480,
    )
    sketch.clear(lambda: SHEET, None, sketch, show_progress="hidden")
    return sketch


def save_ink(drawing: Image.Image, mean: float, path: Path) -> Path | None:
    """Write a drawing as a picture like those in training; return None if it is empty.

    It is cut out, and gets such a margin that the share of ink is the mean one in training.

    Args:
        drawing: Black on white.
        mean: Of the pictures in training, in 0..1.
        path: Where to.
    """
    ink = ImageOps.invert(drawing)  # as much as a pixel is inked, so light it is
    box = ink.getbbox()
    if box is None:
        return None
    ink = ink.crop(box)
    ink_in_training = max(1 / 255, min(mean, 1 - mean))
    longer_side = max(ink.size)
    share = ImageStat.Stat(ink).sum[0] / 255 / longer_side**2
    side = round(longer_side * max(1.02, math.sqrt(share / ink_in_training)))
    square = Image.new("L", (side, side))
    square.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
    if mean > 0.5:  # training saw dark on light
        square = ImageOps.invert(square)
    square.save(path)
    return path
