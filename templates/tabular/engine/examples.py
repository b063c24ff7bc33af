"""How rows of a table are left as a file, and shown to people."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from engine.columns import EncodedRows, decode
from engine.plots import draw_table
from engine.table import Table
from engine.whole_files import write_text_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_COLUMNS = 6  # a wider table shows the columns that are the least average
SHOWN_OF_MANY = 4


def read_rows(dataset: Any, indices: list[int]) -> EncodedRows:
    """Return some examples side by side."""
    inputs = [dataset[index][0] for index in indices]
    numbers = [torch.as_tensor(numbers) for numbers, _ in inputs]
    categories = [torch.as_tensor(categories) for _, categories in inputs]
    if not inputs:
        return EncodedRows(torch.empty(0, 0), torch.empty(0, 0, dtype=torch.long))
    return EncodedRows(torch.stack(numbers), torch.stack(categories))


def save_examples(dataset: Any, indices: list[int], info: Any, folder: Path) -> list[Path]:
    """Write some rows, without what is to be predicted, to try predict.py on; return the file."""
    table = decode(read_rows(dataset, indices), info.numbers, info.categories)
    path = folder / "rows.csv"
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    write_text_whole(path, file.getvalue())
    return [path]


def show_examples(dataset: Any, indices: list[int], info: Any) -> Table:
    """Return some rows as a table: all columns, or of many those that are the least average."""
    if not indices:
        return {column["column"]: [] for column in info.numbers.values()}
    rows = read_rows(dataset, indices)
    table = decode(rows, info.numbers, info.categories)
    if len(table) <= MOST_COLUMNS:
        return table
    oddness = dict.fromkeys(table, 0.0)
    for number, column in enumerate(info.numbers.values()):
        distances = rows.numbers[:, number].abs().nan_to_num()  # from the middle of the column
        name = column["column"]
        oddness[name] = max(oddness[name], distances.mean().item())
    kept = sorted(table, key=lambda name: -oddness[name])[:SHOWN_OF_MANY]
    return {name: cells for name, cells in table.items() if name in kept}


def draw_examples(table: Table, names: list[str], said: list[list[str]], title: str) -> "Figure":
    """Return the picture of some rows, and of what is said of each.

    Args:
        table: From show_examples.
        names: What stands above each column of `said`.
        said: A row of texts for each example.
        title: Stands above all.
    """
    count = min(len(column) for column in table.values()) if table else 0
    return draw_table(table, names, said[:count], title)
