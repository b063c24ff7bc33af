"""How points are left as a file, and shown to people."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.dataset import Info
from engine.plots import draw_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Table = dict[str, list[str]]


def save_examples(dataset: Any, indices: list[int], info: Info, folder: Path) -> list[Path]:
    """Write some points, to try predict.py on; return the file."""
    lines = show_examples(dataset, indices, info)["point"]
    path = folder / "points.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [path]


def show_examples(dataset: Any, indices: list[int], info: Info) -> Table:
    """Return some points as a table of one column."""
    lines = []
    for index in indices:
        (x, y), _ = dataset[index]
        lines.append(f"{x:.6f} {y:.6f}")
    return {"point": lines}


def draw_examples(table: Table, names: list[str], said: list[list[str]], title: str) -> "Figure":
    """Return the picture of some points, and of what is said of each."""
    return draw_table(table, names, said, title)
