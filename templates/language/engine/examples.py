"""How pieces of text are left as files, and shown to people."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from engine.chat import Pair
from engine.plots import draw_table
from engine.whole_files import write_text_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BEGINNING = 40  # characters of an example for predict.py


def to_text(numbers: Any, info: Any) -> str:
    """Return the text of the numbers of its characters (T,)."""
    return "".join(info.characters[number] for number in torch.as_tensor(numbers).tolist())


def save_examples(dataset: Any, indices: list[int], info: Any, folder: Path) -> list[Path]:
    """Write the beginnings of some windows, one in each file, for predict.py; return the files.

    Of conversations it writes the questions.
    """
    files = []
    if info.unit == "token":
        for count, index in enumerate(indices, 1):
            path = folder / f"question_{count}.txt"
            write_text_whole(path, dataset.pairs[index].question + "\n")
            files.append(path)
        return files
    for count, index in enumerate(indices, 1):
        text = to_text(dataset[index][0], info)
        # From the first whole word on.
        _, _, rest = text[: BEGINNING + 20].partition(" ")
        path = folder / f"beginning_{count}.txt"
        write_text_whole(path, (rest or text)[:BEGINNING].strip() + "\n")
        files.append(path)
    return files


def show_examples(dataset: Any, indices: list[int], info: Any) -> dict[str, list[str]]:
    """Return some windows as a table of one column; of conversations two columns."""
    if info.unit == "token":
        pairs: list[Pair] = [dataset.pairs[index] for index in indices]
        return {
            "question": [pair.question for pair in pairs],
            "answer": [pair.answer for pair in pairs],
        }
    texts = [" ".join(to_text(dataset[index][0], info).split()) for index in indices]
    return {"text": texts}


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
