"""The pictures that a run leaves: learning curves, and its answers against the truth."""

import re
import warnings
from pathlib import Path
from typing import Any
from unicodedata import category, east_asian_width, normalize

FONTS = """DejaVu Sans;Malgun Gothic;Apple SD Gothic Neo;NanumGothic;Noto Sans CJK KR;Noto Sans KR
Noto Sans CJK JP;Yu Gothic;Hiragino Sans;Microsoft YaHei;PingFang SC;WenQuanYi Micro Hei;Nirmala UI
Kohinoor Devanagari;Noto Sans Devanagari;Noto Sans Bengali;Leelawadee UI;Noto Sans Thai;FreeSans
Arial Unicode MS"""  # of many languages, on Windows, macOS and Linux: the first with a letter wins


def use_all_fonts() -> None:
    """Let matplotlib draw any language that has a font here, and take a $ for a dollar."""
    from matplotlib import font_manager, rcParams

    warnings.filterwarnings("ignore", "Glyph")  # letters without a font are drawn as boxes
    there = font_manager.get_font_names()
    rcParams["font.family"] = [font for font in re.split("[;\n]", FONTS) if font in there]
    rcParams["text.parse_math"] = False


def width(text: str) -> int:
    """Return how many columns of a terminal it takes: a Hangul letter two, an accent none."""
    return sum((category(c)[0] != "M") + (east_asian_width(c) in "WF") for c in text)


def cut(text: str, most: int) -> str:
    """Return the text in one line, safe to show, and cut where it takes more columns."""
    text = normalize("NFC", text[: 4 * most])
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    while width(text) > most:
        text = text[:-2] + "…"
    return text


def draw_curves(history: list[dict[str, Any]], best: dict[str, Any], folder: Path) -> None:
    """Draw loss and score over the epochs into curves.png, the best epoch marked."""
    from matplotlib.figure import Figure  # slow to load

    figure = Figure(figsize=(8, 3.4), layout="constrained")
    epochs = [row["epoch"] for row in history]
    score = "accuracy" if "val_accuracy" in best else "mae"
    for axes, name in zip(figure.subplots(1, 2), ("loss", score), strict=True):
        for part, style in (("train", "o--"), ("val", "o-")):
            values = [row[f"{part}_{name}"] for row in history]
            axes.plot(epochs, values, style, markersize=3, label=f"{part} {name}")
        axes.axvline(best["epoch"], color="grey", linestyle=":", label="best epoch")
        axes.set_xlabel("epoch")
        axes.locator_params(axis="x", integer=True)
        axes.legend()
    figure.savefig(folder / "curves.png", dpi=150)


def draw_classes(answers: Any, labels: Any, classes: list[str]) -> tuple[str, Any, dict[str, Any]]:
    """Return a file's name, the confusion matrix (40 classes at most), and scores; print these."""
    from matplotlib.figure import Figure
    from sklearn.metrics import ConfusionMatrixDisplay, classification_report

    use_all_fonts()
    names: dict[str, Any] = {"labels": range(len(classes)), "zero_division": 0}
    print(classification_report(labels, answers, target_names=classes, digits=3, **names))
    table: Any = classification_report(labels, answers, output_dict=True, **names)
    per_class = {name: table[str(number)] for number, name in enumerate(classes)}
    sides = (labels[labels != answers], answers[labels != answers], labels.unique())
    confused = sum(side.bincount(minlength=len(classes)) for side in sides)  # or there at least
    shown = confused.argsort(descending=True, stable=True)[:40].sort().values.tolist()
    size = 2 + 0.4 * len(shown)
    figure = Figure((size, size), layout="constrained")
    picture = ConfusionMatrixDisplay.from_predictions(
        labels, answers, labels=shown, display_labels=[cut(classes[i], 24) for i in shown],
        ax=figure.subplots(), colorbar=False, cmap="Blues", values_format="d",
        xticks_rotation="vertical", im_kw={"norm": "symlog"},
    )  # fmt: skip
    if len(classes) > len(shown):
        picture.ax_.set_title(f"the {len(shown)} of {len(classes)} classes most often confused")
    largest = picture.confusion_matrix.max()
    for count in picture.text_.flat:  # no zeros: they would hide the few mistakes
        number = int(count.get_text())
        count.set_color("white" if number**2 > largest else "black")
        if number == 0:
            count.remove()
    return "confusion.png", figure, {"per_class": per_class}


def draw_numbers(answers: Any, labels: Any, _: Any) -> tuple[str, Any, dict[str, Any]]:
    """Return a file's name, the picture of predicted against true numbers, and no scores."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator
    from sklearn.metrics import PredictionErrorDisplay

    figure = Figure((5, 5), layout="constrained")
    axes, style = figure.subplots(), {"alpha": 0.5, "s": 12}
    PredictionErrorDisplay.from_predictions(
        labels.numpy(), answers.numpy(), kind="actual_vs_predicted", subsample=None, ax=axes,
        scatter_kwargs=style,
    )  # fmt: skip
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6))  # round numbers
    return "predicted.png", figure, {}
