"""The web page of demo.py: what is asked on the left, the answer on the right."""

import gc
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from checkpoint import load_model
from commands.settings import UserError, needs
from data import read_inputs
from device import pick_device
from predict import put_into_words

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by Gradio when it is imported
with needs("demo"):
    import gradio as gr

from extras.form import HINT, build_form
from extras.runs import read_run

TOP = 5  # classes that get a bar
FONTS = ["system-ui", "sans-serif"]  # the system's: Gradio's own would come from the web
CSS = ".answer {position: sticky; top: 1rem}"  # in sight, however long the form is


def make_answer(folder: Path, device: str) -> tuple[Callable[..., Any], Any, dict[str, Any]]:
    """Return a function that answers as predict.py does, the run's settings, its checkpoint.

    The function takes one that writes a file for predict.py, and what that one needs. It returns
    what gr.Label shows, the classes with their probabilities or a number, and predict.py's line.
    """
    place = pick_device(device)
    model, config, state = load_model(folder, place)

    def answer(write: Callable[..., Path | None], *values: Any) -> tuple[Any, str]:
        with tempfile.TemporaryDirectory() as scratch:
            try:
                path = write(Path(scratch), *values)
                if path is None:
                    return None, HINT
                _, _, batch = read_inputs((str(path),), state)
            except UserError as error:
                return None, str(error)
        with torch.inference_mode():
            outputs = model(*(one.to(place) for one in batch)).cpu()
        (line,), _ = put_into_words(outputs, state["classes"], top=3)
        chances = outputs.softmax(dim=1)[0].tolist() if state["classes"] else []
        return dict(zip(state["classes"], chances, strict=True)) or line, line

    return answer, config, state


def describe(folder: Path) -> str:
    """Return the project's name, the run's, and how good it is where eval.py has measured it."""
    readme = Path(__file__).parents[1] / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines() if readme.exists() else []
    title = next((line for line in lines if line.startswith("# ")), f"# {readme.parent.name}")
    words, result = [f"run {folder.name}"], read_run(folder).scores
    if result:
        accuracy, error = result.get("accuracy"), result.get("mae")
        good = f"mean error {error:.4g}" if accuracy is None else f"accuracy {accuracy:.1%}"
        words.append(f"{result['split']} {good}, of {result['n']} examples")
    return f"{title}\n\n{' · '.join(words)}"


def build_page(folder: Path, device: str) -> gr.Blocks:
    """Return the page; whatever changes on it is answered at once."""
    answer, config, state = make_answer(folder, device)
    with gr.Blocks(title=folder.name, analytics_enabled=False) as page:
        gr.Markdown(describe(folder))
        with gr.Row():
            with gr.Column(scale=2):
                events, fields, write = build_form(folder, config, state)
            with gr.Column(scale=1, elem_classes="answer"):
                bars = gr.Label(label="Answer", num_top_classes=TOP)
                line = gr.Textbox(label="In words, as predict.py says it", lines=2)
        gr.on(
            [page.load, *events], partial(answer, write), fields, [bars, line],
            show_progress="hidden", trigger_mode="always_last",
        )  # fmt: skip
    return page


def show(folder: Path, port: int, share: bool, device: str) -> None:
    """Serve the page on this machine, with `share` also through Gradio's servers, until Ctrl-C."""
    theme = gr.themes.Default(text_size="lg", font=FONTS, font_mono=FONTS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads  # Gradio's own would stay, for all to read
        for name in ("no_proxy", "NO_PROXY"):  # Gradio asks its own page whether it is there
            os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1"]))
        page = build_page(folder, device)
        try:
            _, here, public = page.launch(
                server_name="127.0.0.1", server_port=port, share=share, ssr_mode=False, css=CSS,
                theme=theme, footer_links=[], show_error=True, quiet=True, prevent_thread_lock=True,
            )  # fmt: skip
        except OSError as error:
            raise UserError(f"port {port} is taken or forbidden: name another --port") from error
        print(f"open {public or here} in a browser; Ctrl-C ends this")
        gc.enable()  # this may run for hours
        page.block_thread()
