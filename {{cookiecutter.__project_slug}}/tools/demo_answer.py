"""What the page of tools.demo answers: what predict.py would, to the same input."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from config import Config
from data import Info, read_inputs
from engine.answers import answer, put_into_words
from engine.checkpoint import LoadedModel
from engine.settings import UserError
from engine.terminal import in_one_line
from tools.demo_guard import Limits

TOP = 3  # classes that the line names, as predict.py does
MOST_ASKED = Limits(question=64_000, upload=0)  # bytes; a form for files allows an upload


@dataclass
class Form:
    """What the page asks for; demo_form.py makes it, for the task at hand."""

    fields: list[Any]  # of Gradio: what is filled in
    events: list[Any]  # of Gradio: after these the answer may be another one
    hint: str  # what is said as long as nothing is filled in
    write: Callable[..., Path | None]
    # write(folder, *values of the fields) writes a file for predict.py into a folder and returns
    # its path; None where nothing is filled in. What cannot be is a UserError.
    explain: Callable[[Path], str] | None = None
    # explain(path) says why the model answers so to such a file, as a piece of a page in HTML.
    limits: Limits = MOST_ASKED  # of what may be sent to the page


@dataclass
class StreamingForm:
    """What a page asks for whose answer grows while it is shown; demo_form.py makes that, too."""

    fields: list[Any]  # of Gradio: what is filled in
    events: list[Any]  # of Gradio: after these it is answered anew
    outputs: list[Any]  # of Gradio: where the answer stands; not rendered yet
    answer: Callable[..., Iterator[Any]]
    # answer(*values of the fields) yields what the outputs show, again and again.
    limits: Limits = MOST_ASKED  # of what may be sent to the page


class Reply(NamedTuple):
    """What the page shows."""

    bars: dict[str, float] | str | None  # the probabilities of all classes, or a number
    line: str  # what predict.py prints


def take_as_sent(field: Any) -> None:
    """Let a field of Gradio hand over what was sent, whatever it is.

    Gradio would decode it, or fail at it in words of its own; `write` of the form looks at it.
    """
    field.preprocess = lambda sent: sent


class Answerer:
    """Answers what is filled in, with a trained model."""

    def __init__(self, loaded: LoadedModel[Config, Info]) -> None:
        self.model = loaded.model
        self.info = loaded.info

    def answer(self, form: Form, *values: Any) -> Reply:
        """Return the answer to the values of the form's fields, or what is wrong with them."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                path = form.write(Path(folder), *values)
                if path is None:
                    return Reply(None, form.hint)
                inputs = read_inputs((str(path),), self.info)
            except UserError as error:
                return Reply(None, str(error))
        outputs = answer(self.model, inputs)
        lines, _ = put_into_words(outputs, self.info.classes, TOP)
        line = lines[0]
        if not self.info.classes:
            return Reply(line, line)
        probabilities = outputs.softmax(dim=1)[0].tolist()
        return Reply(dict(zip(self.info.classes, probabilities, strict=True)), line)

    def explain(self, form: Form, *values: Any) -> str:
        """Return why it answers so, as a piece of a page; or in a line why that cannot be said."""
        assert form.explain is not None
        with tempfile.TemporaryDirectory() as folder:
            try:
                path = form.write(Path(folder), *values)
                if path is None:
                    return f"<p>{escape(form.hint)}</p>"
                return form.explain(path)
            except UserError as error:
                return f"<p>{escape(in_one_line(str(error)))}</p>"
            except Exception as error:  # a network of one's own may take such inputs alone
                reason = in_one_line(f"{type(error).__name__}: {error}")
                return f"<p>{escape(f'not to be explained: {reason}')}</p>"
