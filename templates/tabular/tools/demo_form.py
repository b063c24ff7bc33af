"""What the page of tools.demo asks for: a row of the table."""

import json
import math
from pathlib import Path
from statistics import median_low
from typing import Any

import gradio as gr
import torch

from config import Config
from data import Info, load_data
from engine.checkpoint import LoadedModel, load_same_data
from engine.columns import RUNNING, EncodedRows, decode
from engine.loader import make_loader
from engine.settings import UserError
from engine.table import read_table
from tools.demo_answer import Form, take_as_sent
from tools.demo_guard import Limits

MOST_IN_DATE = 100  # characters
MOST_NUMBER = 1e30  # the largest that is still one in float32, and what is computed of it
BYTES_EACH = 12 * MOST_IN_DATE  # of a field that holds a number or a date


def build_form(folder: Path, loaded: LoadedModel[Config, Info]) -> Form:
    """Put a field for each column on the page, and return what they are.

    Args:
        folder: The run's; eval.py leaves examples there.
        loaded: The model, and what is known of the columns.
    """
    info = loaded.info
    seen = read_training_rows(folder, loaded)
    fields = []
    with gr.Row():
        shown = decode(seen, info.numbers, info.categories)
        for column in info.numbers.values():
            name = column["column"]
            if column["part"] == "number":
                values = [float(cell) for cell in shown[name] if cell]
                fields.append(add_number(name, values, column["has_gaps"]))
            elif column["part"] in RUNNING:  # a date has several parts, and one field
                fields.append(add_date(name, shown[name]))
        for column, (name, known) in enumerate(info.categories.items()):
            most_frequent = int(seen.categories[:, column].mode().values)
            fields.append(add_category(name, known, known[most_frequent - 1]))
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
    return Form(fields, events, "Fill in the form.", write, limits)


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


def read_training_rows(folder: Path, loaded: LoadedModel[Config, Info]) -> EncodedRows:
    """Return the rows that the run was trained on."""
    data = load_same_data(load_data, loaded, folder)
    numbers, categories = [], []
    for inputs, _ in make_loader(data.train, 1024, loaded.config):
        numbers.append(inputs[0])
        categories.append(inputs[1])
    return EncodedRows(torch.cat(numbers), torch.cat(categories))


def add_category(name: str, known: list[str], usual: str) -> Any:
    """Put a list of the categories that training has seen on the page, and return it."""
    choices = [(category or "(empty)", category) for category in known]
    return gr.Dropdown(choices, value=usual, label=name, min_width=240)


def add_date(name: str, cells: list[str]) -> Any:
    """Put a field for a date or a time on the page, with one that training has seen; return it."""
    known = sorted(filter(None, cells))
    info = f"{known[0]} to {known[-1]}, or empty" if known else "or empty"
    return gr.Textbox(cells[0], label=name, info=info, max_lines=1, min_width=240)


def add_number(name: str, values: list[float], has_gaps: bool) -> Any:
    """Put a slider over the known values of a column on the page, and return it.

    Where values were missing in training it is a field instead: a slider cannot be left empty.
    """
    least = min(values, default=0.0)
    most = max(values, default=0.0)
    if has_gaps or least == most:
        info = f"{least:.7g} to {most:.7g}, or empty"
        return gr.Number(label=name, value=None, info=info, min_width=240)
    digits = 0
    is_whole = all(value % 1 == 0 for value in values)
    if not is_whole:  # a hundred steps or more
        digits = max(0, math.ceil(2 - math.log10(most - least)))
    scale = 10**digits
    return gr.Slider(
        minimum=math.floor(least * scale) / scale,
        maximum=math.ceil(most * scale) / scale,
        value=round(median_low(values), digits),
        step=1 / scale,
        label=name,
        buttons=[],
        min_width=240,
    )


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
