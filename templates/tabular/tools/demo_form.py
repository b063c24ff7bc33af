"""What the page of tools.demo asks for: a row of the table."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.settings import UserError
from engine.table import read_table
from tools.demo_answer import Form, take_as_sent
from tools.demo_guard import Limits
from tools.why import explain

MOST_IN_DATE = 100  # characters
MOST_NUMBER = 1e30  # the largest that is still one in float32, and what is computed of it
BYTES_EACH = 12 * MOST_IN_DATE  # of a field that holds a number or a date


def build_form(folder: Path, loaded: LoadedModel[Config, Info], described: dict[str, Any]) -> Form:
    """Put a field for each column on the page, and return what they are.

    Args:
        folder: Where eval.py has left examples: the run's, or a Space.
        loaded: The model, and what is known of the columns.
        described: From describe_form.
    """
    with gr.Row():
        fields = [ADD[about["kind"]](about) for about in described["fields"]]
    names = [field.label for field in fields]
    for field in fields:
        take_as_sent(field)
    add_examples(folder / "examples" / "rows.csv", names, fields)

    def write(scratch: Path, *values: Any) -> Path:
        path = scratch / "row.jsonl"
        row = {}
        for name, field, value in zip(names, fields, values, strict=True):
            row[name] = check_value(name, field, value)
        path.write_text(json.dumps(row), encoding="utf-8")
        return path

    events = [field.change for field in fields]
    size = sum(BYTES_EACH + longest_choice(field) for field in fields)
    limits = Limits(question=64_000 + size, upload=0)
    return Form(
        fields, events, "Fill in the form.", write, partial(explain, loaded, described), limits
    )


def check_value(name: str, field: Any, value: Any) -> Any:
    """Return what was filled into a field, if it can be.

    Raises:
        UserError: It is no number, none of the choices, or no date.
    """
    if isinstance(field, gr.Dropdown):
        choices = {category for _, category in field.choices}
        if not isinstance(value, str) or value not in choices:
            raise UserError(f"{name}: choose one of the list")
    elif isinstance(field, gr.Textbox):
        if not isinstance(value, str | None) or len(value or "") > MOST_IN_DATE:
            raise UserError(f"{name}: a date is needed, or nothing")
    elif value is not None or isinstance(field, gr.Slider):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not abs(value) <= MOST_NUMBER:  # nan is refused too
            raise UserError(f"{name}: a number is needed")
    return value


def longest_choice(field: Any) -> int:
    """Return how many bytes the longest choice of a field has in JSON at most."""
    if not isinstance(field, gr.Dropdown):
        return 0
    return max(6 * len(category.encode()) for _, category in field.choices)


def add_category(about: dict[str, Any]) -> Any:
    """Put a list of the categories that training has seen on the page, and return it."""
    choices = [(category or "(empty)", category) for category in about["choices"]]
    return gr.Dropdown(choices, value=about["value"], label=about["name"], min_width=240)


def add_date(about: dict[str, Any]) -> Any:
    """Put a field for a date or a time on the page, with one that training has seen; return it."""
    info = f"{about['first']} to {about['last']}, or empty" if about["first"] else "or empty"
    return gr.Textbox(about["value"], label=about["name"], info=info, max_lines=1, min_width=240)


def add_number(about: dict[str, Any]) -> Any:
    """Put a field for a number on the page, which can be left empty, and return it."""
    info = f"{about['least']:.7g} to {about['most']:.7g}, or empty"
    return gr.Number(label=about["name"], value=None, info=info, min_width=240)


def add_slider(about: dict[str, Any]) -> Any:
    """Put a slider over the known values of a column on the page, and return it."""
    return gr.Slider(
        minimum=about["least"],
        maximum=about["most"],
        value=about["value"],
        step=about["step"],
        label=about["name"],
        buttons=[],
        min_width=240,
    )


ADD = {"category": add_category, "date": add_date, "number": add_number, "slider": add_slider}


def add_examples(path: Path, names: list[str], fields: list[Any]) -> None:
    """Put the rows that eval.py left on the page, to click on."""
    if not path.exists():
        return
    columns = read_table(path)
    rows, labels = [], []
    for number, cells in enumerate(zip(*[columns[name] for name in names], strict=True), 1):
        row = read_row(fields, cells)
        if row is not None:
            rows.append(row)
            labels.append(f"row {number}")
    if rows:
        gr.Examples(rows, fields, example_labels=labels)


def read_row(fields: list[Any], cells: tuple[str, ...]) -> list[Any] | None:
    """Return the values of a row, or None if one is not within what training has seen."""
    row: list[Any] = []
    for field, cell in zip(fields, cells, strict=True):
        if isinstance(field, gr.Dropdown):
            if cell not in [category for _, category in field.choices]:
                return None
            row.append(cell)
            continue
        if isinstance(field, gr.Textbox):
            row.append(cell)
            continue
        value = float(cell) if cell else None
        if isinstance(field, gr.Slider):
            if value is None or not field.minimum <= value <= field.maximum:
                return None
        row.append(value)
    return row
