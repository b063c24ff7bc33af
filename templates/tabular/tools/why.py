"""Why a model says so of a row: the one cell that, changed a little, makes another answer.

That is how near the answer is to another one, not what caused it: in the world columns seldom
change alone. The values that are tried are within what training has seen.
"""

import json
import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from config import Config
from data import Info, read_inputs
from engine.answers import answer
from engine.checkpoint import LoadedModel
from tools.explained import LEAST_SURE, LONGEST_NAME, effect_in_words, html_text, sureness
from tools.texts import WHY

MOST_ROWS = 1000  # that the model is asked about at a time
EACH = 16  # values of a column that are tried; fewer where a table has many columns
ROUNDS = 3  # the first over all of a column, the others nearer and nearer
OF_A_WORD = 0.5  # how large it counts to change a word, or to fill an empty cell: half of a range
MIDNIGHT = datetime(1970, 1, 1)


@dataclass
class Line:
    """A column whose values are in order: its cells by their place, 0 the least, 1 the most."""

    about: Mapping[str, Any]  # its field, from describe_form

    def __post_init__(self) -> None:
        if self.about["kind"] == "date":
            self.least = moment_of(self.about["first"])
            self.most = moment_of(self.about["last"])
        else:
            self.least = self.about["least"]
            self.most = self.about["most"]

    def place(self, cell: str) -> float | None:
        """Return where a cell is; None where it is empty, or not to be read here."""
        try:
            value = moment_of(cell) if self.about["kind"] == "date" else float(cell)
        except ValueError:
            return None
        return (value - self.least) / (self.most - self.least)

    def cell(self, place: float) -> str:
        """Return what stands in a cell at a place, as the form would write it."""
        value = self.least + place * (self.most - self.least)
        if self.about["kind"] != "date":
            step = self.about["step"]
            return f"{round(value / step) * step:.{max(0, round(-math.log10(step)))}f}"
        moment = MIDNIGHT + timedelta(seconds=round(value))
        first = self.about["first"]
        if "-" not in first:
            return f"{moment:%H:%M}"
        return f"{moment:%Y-%m-%d %H:%M}" if ":" in first else f"{moment:%Y-%m-%d}"


class Change(NamedTuple):
    """One cell with another value, and what is answered then."""

    column: str
    cell: str
    size: float  # of the change, as a share of the column's range
    outputs: Tensor  # (K,) logits, or a number ()


def moment_of(cell: str) -> float:
    """Return a date or a time as seconds.

    Raises:
        ValueError: It is neither, in the form 2024-01-31, 2024-01-31 13:05 or 13:05.
    """
    if "-" in cell:
        return (datetime.fromisoformat(cell).replace(tzinfo=None) - MIDNIGHT).total_seconds()
    clock = time.fromisoformat(cell)
    return 3600 * clock.hour + 60 * clock.minute + clock.second


def explain(loaded: LoadedModel[Config, Info], described: dict[str, Any], path: Path) -> str:
    """Return which one cell would make another answer to a row, as a piece of a page.

    Args:
        loaded: The model.
        described: From describe_form.
        path: A file for predict.py, with one row.
    """
    columns = read_inputs((str(path),), loaded.info).columns
    row = {name: cells[0] for name, cells in columns.items()}
    return f'<div class="why"><p>{explain_row(loaded, described, row)}</p></div>'


def explain_row(
    loaded: LoadedModel[Config, Info], described: dict[str, Any], row: dict[str, str]
) -> str:
    """Return which one cell would make another answer to a row, as a sentence in HTML."""
    before = ask_rows(loaded, [row])[0]
    change = smallest_change(loaded, described, row)
    if change is None:
        return WHY["no_cell"]
    column = html_text(change.column, LONGEST_NAME)
    changed = WHY["changed"].format(
        column=f"<strong>{column}</strong>",
        new=html_text(change.cell or WHY["empty"], LONGEST_NAME),
        old=html_text(row[change.column] or WHY["empty"], LONGEST_NAME),
    )
    classes = loaded.info.classes
    if not classes:
        numbers = {"before": f"{before:,.7g}", "after": f"{change.outputs:,.7g}"}
        return WHY["moves"].format(changed=changed, **numbers)
    other = int(change.outputs.argmax())
    if other == before.argmax():
        effect = effect_in_words(torch.stack([before, change.outputs]), 0, classes)
        return WHY["no_flip"].format(changed=changed, effect=effect)
    chance = f"{change.outputs.softmax(dim=0)[other]:.1%}"
    name = html_text(classes[other], LONGEST_NAME)
    return WHY["flips"].format(changed=changed, name=name, chance=chance)


def smallest_change(
    loaded: LoadedModel[Config, Info], described: dict[str, Any], row: dict[str, str]
) -> Change | None:
    """Return the smallest change of one cell that makes another answer.

    Where there is none, it is the change after which the model is least sure of its answer; where
    numbers are predicted, the one that moves the answer furthest. None: nothing changes it.

    Args:
        loaded: The model.
        described: From describe_form.
        row: The cells by the names of their columns.
    """
    fields = described["fields"][: MOST_ROWS // 2]
    before = ask_rows(loaded, [row])[0]
    each = max(2, min(EACH, MOST_ROWS // max(1, len(fields))))
    lines = {about["name"]: Line(about) for about in fields if is_line(about)}
    tried: list[tuple[str, str]] = []  # a column, and what is put into its cell
    for about in fields:
        tried += [(about["name"], cell) for cell in first_cells(about, each)]
    known: dict[str, list[Change]] = {about["name"]: [] for about in fields}
    for _ in range(ROUNDS):
        for change in try_cells(loaded, row, tried, lines):
            known[change.column].append(change)
        tried = []
        for name, line in lines.items():
            tried += [(name, cell) for cell in nearer_cells(before, line, row[name], known[name])]
    changes = [change for of_column in known.values() for change in of_column]
    flips = [change for change in changes if is_other_answer(before, change.outputs)]
    if flips:
        return min(flips, key=lambda change: change.size)
    largest = max(changes, key=lambda change: effect(before, change.outputs), default=None)
    if largest is None or effect(before, largest.outputs) <= least_effect(before):
        return None
    return largest


def is_line(about: Mapping[str, Any]) -> bool:
    """Return whether the values of a field are in order, and differ."""
    if about["kind"] == "category":
        return False
    if about["kind"] == "date":
        return about["first"] != about["last"]
    return about["least"] < about["most"]


def first_cells(about: Mapping[str, Any], count: int) -> list[str]:
    """Return so many values of a column, from the least to the most; or as many of its words."""
    if about["kind"] == "category":
        return about["choices"][:count]
    if not is_line(about):
        return []
    line = Line(about)
    cells = [line.cell(place) for place in torch.linspace(0, 1, count).tolist()]
    return cells if about["kind"] == "slider" else [*cells, ""]


def nearer_cells(before: Tensor, line: Line, own: str, known: list[Change]) -> list[str]:
    """Return cells of a column near to the nearest one that makes another answer, but before it.

    Args:
        before: What is answered to the row.
        line: The column.
        own: The cell of the row.
        known: What has been tried in the column.
    """
    flips = [change for change in known if is_other_answer(before, change.outputs)]
    start = line.place(own)
    if not flips or start is None:
        return []
    nearest = min(flips, key=lambda change: change.size)
    end = line.place(nearest.cell)
    if end is None:
        return []
    for change in known:  # those that lie between, and make no other answer
        place = line.place(change.cell)
        if place is not None and min(start, end) < place < max(start, end):
            start = place
    cells = [line.cell(place) for place in torch.linspace(start, end, EACH + 2)[1:-1].tolist()]
    seen = {own, *(change.cell for change in known)}
    return [cell for cell in dict.fromkeys(cells) if cell not in seen]


def try_cells(
    loaded: LoadedModel[Config, Info],
    row: dict[str, str],
    tried: list[tuple[str, str]],
    lines: dict[str, Line],
) -> list[Change]:
    """Return what is answered to a row when one cell has another value, for each that is tried."""
    others = [(name, cell) for name, cell in tried if cell != row[name]]
    if not others:
        return []
    outputs = ask_rows(loaded, [{**row, name: cell} for name, cell in others])
    changes = []
    for (name, cell), output in zip(others, outputs, strict=True):
        size = OF_A_WORD
        if name in lines:
            old, new = lines[name].place(row[name]), lines[name].place(cell)
            if old is not None and new is not None:
                size = abs(new - old)
        changes.append(Change(name, cell, size, output))
    return changes


def ask_rows(loaded: LoadedModel[Config, Info], rows: list[dict[str, str]]) -> Tensor:
    """Return the outputs to rows, read as predict.py reads a file of them: (N, K) or (N,)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        lines = [json.dumps(row) + "\n" for row in rows]
        path.write_text("".join(lines), encoding="utf-8")
        return answer(loaded.model, read_inputs((str(path),), loaded.info))


def is_other_answer(before: Tensor, after: Tensor) -> bool:
    """Return whether another class is answered; of numbers none is."""
    return before.dim() > 0 and bool(before.argmax() != after.argmax())


def least_effect(before: Tensor) -> float:
    """Return the effect that a change must have to be spoken of."""
    return LEAST_SURE if before.dim() > 0 else 1e-4 * abs(float(before))


def effect(before: Tensor, after: Tensor) -> float:
    """Return how much less sure of its answer a model is, or how far a number has moved."""
    if before.dim() == 0:
        return abs(float(after - before))
    both = torch.stack([before, after])
    sure = sureness(both, int(before.argmax()))
    return float(sure[0] - sure[1])
