"""What the page of tools.demo asks for: a drawing or a picture."""

import math
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components.base import server
from PIL import Image, ImageOps, ImageStat

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.picture_file import opaque
from tools.demo_answer import Form
from tools.demo_guard import Limits
from tools.picture_trial import give_memory_back, limit_pixels, try_picture
from tools.why import explain

LIMITS = Limits(question=64_000, upload=20_000_000)  # bytes; a photo has 3 to 12 million
MOST_DRAWN = 4_000_000  # pixels of a drawing: a screen has fewer
MOST_IN_DRAWING = 4_000_000  # bytes of it
MOST_DRAWINGS = 16  # that are kept
PAPER = Image.new("L", (400, 400), "white")
EMPTY_LAYER = Image.new("RGBA", PAPER.size)
SHEET: Any = {"background": PAPER, "layers": [EMPTY_LAYER], "composite": PAPER}


def build_form(folder: Path, loaded: LoadedModel[Config, Info], described: dict[str, Any]) -> Form:
    """Put the fields on the page, and return what they are.

    Args:
        folder: Where eval.py has left examples: the run's, or a Space.
        loaded: The model, and what is known of the pictures in training.
        described: From describe_form.
    """
    limit_pixels()
    give_memory_back()
    mean = loaded.info.mean
    drawable = described["drawable"]
    # The tab that is open. Its own field says it: a tab that is left reports its change late.
    tab = gr.State("Draw" if drawable else "Picture")
    fields = [tab]
    events = [tab.change]
    if drawable:
        with gr.Tab("Draw") as draw_tab:
            sketch = add_sketch()
            Drawings().take_over(sketch)
        draw_tab.select(lambda: "Draw", None, tab)
        fields.append(sketch)
        events += [sketch.change, sketch.clear]
    with gr.Tab("Picture") as picture_tab:
        picture: Any = gr.Image(type="filepath", image_mode=None, show_label=False, height=400)
        picture.preprocess = path_of
        examples = [str(path) for path in sorted(folder.glob("examples/*"))]
        if examples:
            gr.Examples(examples, picture)
    picture_tab.select(lambda: "Picture", None, tab)
    fields.append(picture)
    events.append(picture.change)

    def write(scratch: Path, open_tab: str, *values: Any) -> Path | None:
        if open_tab == "Picture":
            path = values[-1]
            if not path:
                return None
            try_picture(Path(path))
            return Path(path)
        drawing = values[0]
        if drawing is None or drawing["composite"] is None:
            return None
        return save_ink(drawing["composite"], mean[0], scratch / "drawing.png")

    return Form(
        fields, events, "Draw, or choose a picture.", write, partial(explain, loaded), LIMITS
    )


def path_of(sent: Any) -> str | None:
    """Return the path of a picture that was sent, which Gradio would already decode."""
    return None if sent is None else sent.path


class Drawings:
    """What the page has drawn: Gradio would keep all that is sent, and decode it however large."""

    def __init__(self) -> None:
        self.drawn: dict[str, bytes] = {}  # by a name that the page gives it; the oldest is first

    def take_over(self, sketch: Any) -> None:
        """Take what the page sends to a field for drawing."""

        sketch.accept_blobs = self.keep
        sketch.preprocess = self.read

    @server  # so Gradio lets the page call it
    def keep(self, sent: Any) -> None:
        """Keep a drawing, to be asked about. Its layers are in it, so they are not needed."""
        name = str(sent.data.get("id"))
        content = sent.files[0][1]
        if sent.data.get("type") != "composite" or max(len(name), len(content)) > MOST_IN_DRAWING:
            return
        while len(self.drawn) >= MOST_DRAWINGS:
            del self.drawn[next(iter(self.drawn))]
        self.drawn[name] = content

    def read(self, sent: Any) -> dict[str, Any] | None:
        """Return what was drawn, black on white: under "composite", as Gradio has it."""
        if sent is None:
            return None
        drawing = None
        if sent.id in self.drawn:
            drawing = read_drawing(BytesIO(self.drawn[sent.id]))
        elif sent.id is None and sent.composite is not None:
            drawing = read_drawing(sent.composite.path)
        return {"background": None, "layers": [], "composite": drawing}


def read_drawing(file: Any) -> Image.Image | None:
    """Return a drawing in grey, or None if it is none.

    Args:
        file: A path, or what is in the file.
    """
    try:
        with Image.open(file, formats=["PNG", "WEBP"]) as drawing:
            if drawing.width * drawing.height > MOST_DRAWN:
                return None
            return opaque(drawing).convert("L")
    except Exception:  # what is damaged makes Pillow raise almost anything
        return None


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
