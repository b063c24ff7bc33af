"""The pictures that a run leaves: learning curves, and its answers against the truth."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import category, east_asian_width, normalize

from engine.fonts import choose_fonts
from engine.metrics import IGNORED
from engine.terminal import in_one_line
from engine.whole_files import write_whole

if TYPE_CHECKING:  # both are slow to load, so each function loads what it needs when it draws
    from matplotlib.figure import Figure
    from torch import Tensor

MOST_CLASSES = 40  # in a confusion matrix
MOST_PANELS = 6  # in the picture of the curves


class Picture(NamedTuple):
    """A picture of a model's answers, and scores that go with it into eval.json."""

    name: str  # of the file
    figure: "Figure"
    scores: dict[str, Any]


def take_dollars_as_they_are() -> None:
    """Let matplotlib draw a $ in a text: by default it begins a formula."""
    from matplotlib import rcParams

    rcParams["text.parse_math"] = False


def width(text: str) -> int:
    """Return how many columns of a terminal it takes: a Hangul letter two, an accent none."""
    columns = 0
    for letter in text:
        if category(letter)[0] != "M":
            columns += 1
        if east_asian_width(letter) in "WF":
            columns += 1
    return columns


def cut(text: str, most: int) -> str:
    """Return the text in one line, safe to show, and cut where it takes more columns.

    Args:
        text: Anything.
        most: So many columns of a terminal.
    """
    text = normalize("NFC", text[: 4 * most])
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    while width(text) > most:
        text = text[:-2] + "…"
    return text


def draw_curves(history: list[dict[str, float]], best: dict[str, float], folder: Path) -> None:
    """Draw the loss and each metric over the epochs into curves.png, the best epoch marked.

    Args:
        history: The rows of metrics.csv.
        best: The row of the best epoch.
        folder: Where curves.png goes.
    """
    from matplotlib.figure import Figure

    names = [name.removeprefix("val_") for name in history[-1] if name.startswith("val_")]
    names = names[:MOST_PANELS]
    down = -(-len(names) // 2)  # two beside each other
    figure = Figure(figsize=(8, 3.4 * down), layout="constrained")
    panels = figure.subplots(down, 2, squeeze=False).flatten()
    for axes in panels[len(names) :]:
        figure.delaxes(axes)
    for axes, name in zip(panels, names, strict=False):
        for part, style in (("train", "o--"), ("val", "o-")):
            rows = [row for row in history if f"{part}_{name}" in row]
            if rows:
                epochs = [row["epoch"] for row in rows]
                values = [row[f"{part}_{name}"] for row in rows]
                axes.plot(epochs, values, style, markersize=3, label=f"{part} {name}")
        axes.axvline(best["epoch"], color="grey", linestyle=":", label="best epoch")
        axes.set_xlabel("epoch")
        axes.locator_params(axis="x", integer=True)
        axes.legend()
    save_figure(figure, folder / "curves.png")


def save_figure(figure: "Figure", path: Path, margins: bool = True) -> None:
    """Write a figure as PNG, whole or not at all, in fonts that have its letters.

    Args:
        figure: What is drawn.
        path: Where to.
        margins: Keep what is empty around the figure.
    """
    choose_fonts(figure)
    box = None if margins else "tight"
    write_whole(path, lambda file: figure.savefig(file, format="png", dpi=150, bbox_inches=box))


def draw_classes(predictions: "Tensor", labels: "Tensor", classes: list[str]) -> Picture:
    """Return the confusion matrix, and the scores of each class; print these.

    Args:
        predictions: Class numbers (N,).
        labels: The right ones (N,).
        classes: Their names. Of many classes the matrix shows those most often confused.
    """
    from matplotlib.figure import Figure
    from sklearn.metrics import ConfusionMatrixDisplay, classification_report

    take_dollars_as_they_are()
    numbers = list(range(len(classes)))
    names = [in_one_line(name) for name in classes]
    text = classification_report(
        labels, predictions, labels=numbers, target_names=names, digits=3, zero_division=0
    )
    print(text)
    table: Any = classification_report(
        labels, predictions, labels=numbers, output_dict=True, zero_division=0
    )
    per_class = {name: table[str(number)] for number, name in enumerate(classes)}

    shown = most_confused(predictions, labels, len(classes))
    size = 2 + 0.4 * len(shown)
    figure = Figure((size, size), layout="constrained")
    picture = ConfusionMatrixDisplay.from_predictions(
        labels,
        predictions,
        labels=shown,
        display_labels=[cut(classes[number], 24) for number in shown],
        ax=figure.subplots(),
        colorbar=False,
        cmap="Blues",
        values_format="d",
        xticks_rotation="vertical",
        im_kw={"norm": "symlog"},
    )
    if len(classes) > len(shown):
        title = f"the {len(shown)} of {len(classes)} classes most often confused"
        picture.ax_.set_title(title)
    largest = picture.confusion_matrix.max()
    for cell in picture.text_.flat:
        count = int(cell.get_text())
        cell.set_color("white" if count**2 > largest else "black")
        if count == 0:  # zeros would hide the few mistakes
            cell.remove()
    return Picture("confusion.png", figure, {"per_class": per_class})


def draw_places(losses: "Tensor", labels: "Tensor", unit: str) -> Picture:
    """Draw how hard it is to foresee what comes next, after few places and after many.

    Args:
        losses: Of each place of all windows (N, T).
        labels: What was to be foreseen there (N, T); IGNORED where nothing was.
        unit: What stands at a place: a character or a token.
    """
    from matplotlib.figure import Figure

    counted = labels != IGNORED
    total = (losses.double() * counted).sum(dim=0)
    bits = (total / counted.sum(dim=0) / math.log(2)).tolist()  # nan where none is to be foreseen
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, len(bits) + 1), bits, "o-", markersize=3)
    axes.set_xlabel(f"{unit}s that are known")
    axes.set_ylabel(f"bits per {unit}")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    return Picture("context.png", figure, {})


def most_confused(predictions: "Tensor", labels: "Tensor", classes: int) -> list[int]:
    """Return the numbers of the classes that are most often confused, in order."""
    wrong = predictions != labels
    counts = labels.unique().bincount(minlength=classes)  # those that occur come first
    counts = counts + labels[wrong].bincount(minlength=classes)
    counts = counts + predictions[wrong].bincount(minlength=classes)
    return counts.argsort(descending=True, stable=True)[:MOST_CLASSES].sort().values.tolist()


def draw_numbers(predictions: "Tensor", labels: "Tensor") -> Picture:
    """Return the picture of predicted numbers (N,) against the true ones (N,)."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator
    from sklearn.metrics import PredictionErrorDisplay

    figure = Figure((5, 5), layout="constrained")
    axes = figure.subplots()
    PredictionErrorDisplay.from_predictions(
        labels.numpy(),
        predictions.numpy(),
        kind="actual_vs_predicted",
        subsample=None,
        ax=axes,
        scatter_kwargs={"alpha": 0.5, "s": 12},
    )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6))  # round numbers
    return Picture("predicted.png", figure, {})


def draw_table(
    columns: dict[str, list[str]], names: list[str], said: list[list[str]], title: str
) -> "Figure":
    """Return the picture of a table: up to 12 examples, and what is said of each.

    Args:
        columns: The examples, by the names of their columns.
        names: What stands above each column of `said`.
        said: A row of texts for each example.
        title: Stands above all.
    """
    from matplotlib.figure import Figure

    take_dollars_as_they_are()
    figure = Figure((4, 1))  # it is saved with all that reaches beyond it
    axes = figure.subplots()
    axes.axis("off")
    axes.set_title(title, loc="left", pad=12)
    rows = [[*columns, *names]]
    for values, texts in zip(zip(*columns.values(), strict=True), said, strict=True):
        rows.append([*values, *texts])
    most = 64 if len(columns) == 1 else 22  # columns of a terminal that a cell may take
    cells = [[cut(text, most) + "   " for text in row] for row in rows[:13]]
    table = axes.table(cells, cellLoc="left", loc="upper left", edges="horizontal")
    table.AXESPAD = 0
    table.auto_set_font_size(False)
    table.auto_set_column_width(range(len(cells[0])))
    table.scale(1, 1.6)
    for cell in table.get_celld().values():
        cell.PAD = 0
        cell.set(linewidth=0.5, edgecolor="grey")
    return figure
