"""How texts are left as a file, and shown to people."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from engine.dataset import Info
from engine.plots import draw_table
from engine.whole_files import write_text_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def to_text(characters: Any) -> str:
    """Return the text of the numbers of its characters (T,), in one line."""
    numbers = torch.as_tensor(characters).tolist()
    text = "".join(chr(number) for number in numbers if number > 0)
    return " ".join(text.split())


def texts_of(dataset: Any, indices: list[int]) -> list[str]:
    """Return some texts, each in one line: as the dataset keeps them, else out of its numbers."""
    texts = getattr(dataset, "texts", None)
    if texts is None:
        return [to_text(dataset[index][0]) for index in indices]
    return [" ".join(texts[index].split()) for index in indices]


def save_examples(dataset: Any, indices: list[int], info: Info, folder: Path) -> list[Path]:
    """Write some texts, one in each line, to try predict.py on; return the file."""
    lines = [text + "\n" for text in texts_of(dataset, indices)]
    path = folder / "texts.txt"
    write_text_whole(path, "".join(lines))
    return [path]


def show_examples(dataset: Any, indices: list[int], info: Info) -> dict[str, list[str]]:
    """Return some texts as a table of one column."""
    return {"text": texts_of(dataset, indices)}


def draw_examples(
    table: dict[str, list[str]], names: list[str], said: list[list[str]], title: str
) -> "Figure":
    """Return the picture of some texts, and of what is said of each.

    Args:
        table: From show_examples.
        names: What stands above each column of `said`.
        said: A row of texts for each example.
        title: Stands above all.
    """
    return draw_table(table, names, said, title)
