"""What demo.py asks for: a row of the table, each value within what training has seen."""

import json
import math
from pathlib import Path
from typing import Any

import gradio as gr
from torch import Tensor

from checkpoint import check_data
from config import Config
from data import load_splits
from loading.table import read_table

HINT = "Fill in the form."


def build_form(folder: Path, config: Config, state: dict[str, Any]) -> tuple[Any, ...]:
    """Put the fields on the page; return when to answer, the fields, and what writes a file."""
    splits, inputs = load_splits(config), state["inputs"]
    check_data(splits, state, folder)
    numbers, categories, _ = splits["train"].tensors  # (N, F) float, (N, C) int64
    with gr.Row():
        fields = [
            add_number(name, values, inputs["numbers"][name][2] > 0)
            for name, values in zip(inputs["numbers"], numbers.double().T, strict=True)
        ]
        for (name, known), codes in zip(inputs["categories"].items(), categories.T, strict=True):
            choices = [(value or "(empty)", value) for value in known]
            usual = known[codes.mode().values - 1]  # 0 is a category not seen
            fields.append(gr.Dropdown(choices, value=usual, label=name, min_width=240))
    names = [*inputs["numbers"], *inputs["categories"]]

    def write_row(scratch: Path, *values: Any) -> Path:
        path = scratch / "row.jsonl"
        path.write_text(json.dumps(dict(zip(names, values, strict=True))), encoding="utf-8")
        return path

    examples = folder / "examples" / "rows.csv"
    if examples.exists():
        columns = read_table(examples)
        table = zip(*(columns[name] for name in names), strict=True)
        rows = {f"row {number}": read_row(fields, row) for number, row in enumerate(table, 1)}
        rows = {label: row for label, row in rows.items() if row}
        if rows:
            gr.Examples([*rows.values()], fields, example_labels=[*rows])
    return [field.change for field in fields], fields, write_row


def add_number(name: str, values: Tensor, gaps: bool) -> Any:
    """Return a slider over the column's values; with gaps a field, which may stay empty."""
    known = values[~values.isnan()]
    least, most = (known.min().item(), known.max().item()) if len(known) else (0.0, 0.0)
    if gaps or least == most:
        info = f"{least:.7g} to {most:.7g}, or empty"
        return gr.Number(label=name, value=None, info=info, min_width=240)
    whole = not (known % 1).any()
    digits = 0 if whole else max(0, math.ceil(2 - math.log10(most - least)))
    scale = 10**digits
    ends = math.floor(least * scale) / scale, math.ceil(most * scale) / scale
    usual = round(known.median().item(), digits)
    return gr.Slider(*ends, value=usual, step=1 / scale, label=name, buttons=[], min_width=240)


def read_row(fields: list[Any], texts: tuple[str, ...]) -> list[Any]:
    """Return a row's values, or none if one of them is not within what training has seen."""
    row: list[Any] = []
    for field, text in zip(fields, texts, strict=True):
        value, fits = text, True
        if isinstance(field, gr.Dropdown):
            fits = text in [known for _, known in field.choices]
        else:
            value = float(text) if text else None
            if isinstance(field, gr.Slider):
                fits = value is not None and field.minimum <= value <= field.maximum
        if not fits:
            return []
        row.append(value)
    return row
