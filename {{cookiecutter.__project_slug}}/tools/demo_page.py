"""The web page of tools.demo: what is asked on the left, the answer on the right."""

import gc
import os
import re
import tempfile
from functools import partial
from pathlib import Path

from config import Config
from data import Info, load_data
from engine.checkpoint import load_model, load_same_data
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
from tools.run_files import RunFiles, read_run

PROJECT = Path(__file__).parents[1]
MOST_BARS = 5
FONTS = ["system-ui", "sans-serif"]  # the system's: Gradio's own would come from the web
MOST_WAITING = 1000  # questions; they are answered one after the other
MOST_SESSIONS = 100  # of which Gradio keeps what the fields held
CSS = ".answer {position: sticky; top: 1rem}"  # in sight, however long the form is


def show(folder: Path, port: int, share: bool, device: str, data: str | None = None) -> None:
    """Serve the page on this machine until Ctrl-C.

    Args:
        folder: The run's.
        port: Where on this machine.
        share: Serve it through Gradio's servers, too.
        device: Where to compute.
        data: Where the run's data are now; None where they have not moved.

    Raises:
        UserError: The port is taken.
    """
    theme = gr.themes.Default(text_size="lg", font=FONTS, font_mono=FONTS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads  # Gradio's own would stay, for all to read
        reach_own_page()
        page, limits = build(folder, device, data)
        page.queue(max_size=MOST_WAITING, default_concurrency_limit=1, api_open=False)
        hosts = set(OWN_NAMES)
        guard = Middleware(Guard, Path(uploads), limits, hosts)
        try:
            _, local_address, public_address = page.launch(
                server_name="127.0.0.1",
                server_port=port,
                share=share,
                ssr_mode=False,
                css=CSS,
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
        if public_address:
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


def build_page(folder: Path, device: str, data: str | None = None) -> gr.Blocks:
    """Return the page; whatever changes on it is answered at once."""
    page, _ = build(folder, device, data)
    return page


def build(folder: Path, device: str, data: str | None) -> tuple[gr.Blocks, Limits]:
    """Return the page, and the limits of what may be sent to it."""
    loaded = load_model(folder, pick_device(device), Config, Info, build_model, data)
    if data is not None:
        load_same_data(load_data, loaded, folder)  # refuses others
    with gr.Blocks(title=folder.name, analytics_enabled=False) as page:
        gr.Markdown(describe(read_run(folder)))
        with gr.Row():
            with gr.Column(scale=2):
                form = build_form(folder, loaded)
            share = 1 if isinstance(form, Form) else 2  # of the width: a text needs more
            with gr.Column(scale=share, elem_classes="answer"):
                if isinstance(form, Form):
                    bars = gr.Label(label="Answer", num_top_classes=MOST_BARS)
                    line = gr.Textbox(label="In words, as predict.py says it", lines=2)
                    outputs = [bars, line]
                    answer = partial(Answerer(loaded).answer, form)
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
        )
    return page, form.limits


def describe(run: RunFiles) -> str:
    """Return the project's name, the run's, and how good it is where eval.py has measured it."""
    words = [f"run {as_text(run.folder.name)}"]
    scores = run.scores
    if scores is not None and scores.metrics:
        name = run.main_metric
        if name not in scores.metrics:
            name = next(iter(scores.metrics))
        others = [other for other in scores.metrics if other != name]
        shown = []
        for metric in [name, *others]:
            score = scores.metrics[metric]
            number = f"{score:.1%}" if metric == "accuracy" else f"{score:.4g}"
            shown.append(f"{as_text(metric)} {number}")
        words.append(f"{scores.split} {', '.join(shown)}, of {scores.examples} examples")
    return f"{project_title()}\n\n{' · '.join(words)}"


def as_text(name: str) -> str:
    """Return a name for Markdown, of which it is no markup: a folder can be called anything."""
    return re.sub(r"[\\`*{}\[\]()<>#+!|~&]", lambda sign: f"&#{ord(sign.group())};", name)


def project_title() -> str:
    """Return the title of the project's README as Markdown, or else the name of its folder."""
    readme = PROJECT / "README.md"
    if readme.exists():
        for line in readme.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                return line
    return f"# {as_text(PROJECT.name)}"
