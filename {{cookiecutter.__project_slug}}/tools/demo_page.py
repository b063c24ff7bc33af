"""The web page of tools.demo: what is asked on the left, the answer on the right."""

import gc
import os
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from config import Config
from data import Info, load_data
from engine.checkpoint import LoadedModel, load_model, load_same_data
from engine.device import pick_device
from engine.settings import UserError, needs
from model import build_model

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by Gradio when it is imported
with needs("demo"):
    import gradio as gr
    from starlette.middleware import Middleware  # Gradio is made of it

from tools.demo_answer import Answerer, Form
from tools.demo_form import build_form
from tools.demo_guard import OWN_NAMES, Guard, Limits, name_of
from tools.explained import CSS
from tools.form_fields import describe_form
from tools.packed_model import unpack
from tools.run_files import RunFiles, read_run
from tools.titles import as_text, describe_scores, project_title

MOST_BARS = 5
FONTS = ["system-ui", "sans-serif"]  # the system's: Gradio's own would come from the web
MOST_WAITING = 1000  # questions; they are answered one after the other
MOST_SESSIONS = 100  # of which Gradio keeps what the fields held
STICKY = ".answer {position: sticky; top: 1rem}"  # in sight, however long the form is
ONE_MODEL = "model"  # an answer and a reason are not computed at the same time


@dataclass(frozen=True)
class Shown:
    """What a page shows."""

    loaded: LoadedModel[Config, Info]
    folder: Path  # where eval.py has left examples: the run's, or a Space
    heading: str  # Markdown
    form: dict[str, Any]  # from describe_form of form_fields.py


def show(folder: Path, port: int, share: bool, device: str, data: str | None = None) -> None:
    """Serve the page of a run on this machine until Ctrl-C.

    Args:
        folder: The run's.
        port: Where on this machine.
        share: Serve it through Gradio's servers, too.
        device: Where to compute.
        data: Where the run's data are now; None where they have not moved.

    Raises:
        UserError: The port is taken.
    """
    serve(read_shown(folder, device, data), port, share)


def show_space(folder: Path, port: int) -> None:
    """Serve the page of a folder that tools.space has written, until Ctrl-C.

    On Hugging Face, which sets SPACE_ID, everybody can open it; else this machine alone:
    huggingface.co/docs/hub/spaces-overview

    Args:
        folder: Of the Space.
        port: Where on this machine.
    """
    serve(read_space(folder), port, share=False, is_public="SPACE_ID" in os.environ)


def read_space(folder: Path) -> Shown:
    """Return what the page of a folder shows that tools.space has written."""
    packed = unpack(folder, pick_device("auto"))
    return Shown(packed.loaded, folder, packed.heading, packed.form)


def serve(shown: Shown, port: int, share: bool, is_public: bool = False) -> None:
    """Serve a page until Ctrl-C.

    Args:
        shown: What is on it.
        port: Where on this machine.
        share: Serve it through Gradio's servers, too.
        is_public: Let other machines open it, by whatever name they know this one.

    Raises:
        UserError: The port is taken.
    """
    theme = gr.themes.Default(text_size="lg", font=FONTS, font_mono=FONTS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads  # Gradio's own would stay, for all to read
        reach_own_page()
        page, limits = build(shown)
        page.queue(max_size=MOST_WAITING, default_concurrency_limit=1, api_open=False)
        hosts = None if is_public else set(OWN_NAMES)
        guard = Middleware(Guard, Path(uploads), limits, hosts)
        try:
            _, local_address, public_address = page.launch(
                server_name="0.0.0.0" if is_public else "127.0.0.1",
                server_port=port,
                share=share,
                ssr_mode=False,
                css=STICKY + CSS,
                theme=theme,
                footer_links=[],
                show_error=True,
                quiet=True,
                max_file_size=limits.upload,
                state_session_capacity=MOST_SESSIONS,
                enable_monitoring=False,
                app_kwargs={"middleware": [guard]},
                prevent_thread_lock=True,
            )
        except OSError as error:
            raise UserError(f"port {port} is taken or forbidden: name another --port") from error
        if public_address and hosts is not None:
            hosts.add(name_of(public_address) or "")
        print(f"open {public_address or local_address} in a browser; Ctrl-C ends this")
        gc.enable()  # this may run for hours
        page.block_thread()


def reach_own_page() -> None:
    """Let Gradio ask its own page whether it is there, also where a proxy is set."""
    for name in ("no_proxy", "NO_PROXY"):
        addresses = ["127.0.0.1"]
        if os.environ.get(name):
            addresses.insert(0, os.environ[name])
        os.environ[name] = ",".join(addresses)


def read_shown(folder: Path, device: str, data: str | None = None) -> Shown:
    """Return what the page of a run shows.

    Raises:
        UserError: The data are other ones.
    """
    loaded = load_model(folder, pick_device(device), Config, Info, build_model, data)
    if data is not None:
        load_same_data(load_data, loaded, folder)  # refuses others
    run = read_run(folder)
    heading = f"{project_title()}\n\n{describe(run)}"
    return Shown(loaded, folder, heading, describe_form(folder, loaded))


def build_page(folder: Path, device: str, data: str | None = None) -> gr.Blocks:
    """Return the page of a run; whatever changes on it is answered at once."""
    page, _ = build(read_shown(folder, device, data))
    return page


def build(shown: Shown) -> tuple[gr.Blocks, Limits]:
    """Return the page, and the limits of what may be sent to it."""
    with gr.Blocks(title=shown.folder.name, analytics_enabled=False) as page:
        gr.Markdown(shown.heading)
        with gr.Row():
            with gr.Column(scale=2):
                form = build_form(shown.folder, shown.loaded, shown.form)
            share = 1 if isinstance(form, Form) else 2  # of the width: a text needs more
            with gr.Column(scale=share, elem_classes="answer"):
                if isinstance(form, Form):
                    bars = gr.Label(label="Answer", num_top_classes=MOST_BARS)
                    line = gr.Textbox(label="In words, as predict.py says it", lines=2)
                    outputs = [bars, line]
                    answerer = Answerer(shown.loaded)
                    outputs.append(add_why(answerer, form))
                    answer = partial(answer_without_why, answerer, form)
                else:
                    outputs = form.outputs
                    for output in outputs:
                        output.render()
                    answer = form.answer
        gr.on(
            triggers=[page.load, *form.events],
            fn=answer,
            inputs=form.fields,
            outputs=outputs,
            show_progress="hidden",
            trigger_mode="always_last",
            concurrency_id=ONE_MODEL,
        )
    return page, form.limits


def answer_without_why(answerer: Answerer, form: Form, *values: Any) -> tuple[Any, ...]:
    """Return what the page shows of an answer; what was said of the one before is cleared."""
    return (*answerer.answer(form, *values), "")


def add_why(answerer: Answerer, form: Form) -> Any:
    """Put a button on the page that says why, and return where it says so."""
    button = gr.Button("Why?", size="sm", visible=form.explain is not None)
    reason = gr.HTML()
    button.click(
        partial(answerer.explain, form),
        form.fields,
        reason,
        trigger_mode="once",
        concurrency_id=ONE_MODEL,
    )
    return reason


def describe(run: RunFiles) -> str:
    """Return the run's name, and how good it is where eval.py has measured it."""
    return " · ".join(filter(None, [f"run {as_text(run.folder.name)}", describe_scores(run)]))
