"""The pictures that a run leaves: learning curves, and its answers against the truth."""

import warnings
from pathlib import Path
from typing import Any


def draw_curves(history: list[dict[str, Any]], best: dict[str, Any], folder: Path) -> None:
    """Draw loss and score over the epochs into curves.png, the best epoch marked."""
    from matplotlib.figure import Figure  # slow to load

    figure = Figure(figsize=(9, 3.5), layout="constrained")
    epochs = [row["epoch"] for row in history]
    score = "accuracy" if "val_accuracy" in best else "mae"
    for axes, name in zip(figure.subplots(1, 2), ("loss", score), strict=True):
        for part in ("train", "val"):
            values = [row[f"{part}_{name}"] for row in history]
            axes.plot(epochs, values, ".-", label=f"{part} {name}")
        axes.axvline(best["epoch"], color="grey", linestyle=":", label="best epoch")
        axes.set_xlabel("epoch")
        axes.locator_params(axis="x", integer=True)
        axes.legend()
    figure.savefig(folder / "curves.png", dpi=150)


def draw_classes(answers: Any, labels: Any, classes: list[str]) -> Any:
    """Print precision and recall of each class and return the picture of the confusion matrix."""
    from matplotlib import font_manager, rcParams
    from matplotlib.figure import Figure
    from sklearn.metrics import ConfusionMatrixDisplay, classification_report

    warnings.filterwarnings("ignore", "Glyph")  # letters without a font are drawn as boxes
    fonts = ["DejaVu Sans", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic",
             "Noto Sans CJK KR"]  # fmt: skip
    rcParams["font.family"] = [font for font in fonts if font in font_manager.get_font_names()]
    names: dict[str, Any] = {"labels": range(len(classes)), "zero_division": 0}
    print(classification_report(labels, answers, target_names=classes, digits=3, **names))
    size = 2 + 0.4 * len(classes)
    figure = Figure((size, size), layout="constrained")
    picture = ConfusionMatrixDisplay.from_predictions(
        labels, answers, labels=range(len(classes)), display_labels=classes, ax=figure.subplots(),
        colorbar=False, cmap="Blues", values_format="d", xticks_rotation="vertical",
        im_kw={"norm": "symlog"},
    )  # fmt: skip
    largest = picture.confusion_matrix.max()
    for count in picture.text_.flat:  # no zeros: they would hide the few mistakes
        number = int(count.get_text())
        count.set(visible=number > 0, color="white" if number**2 > largest else "black")
    return figure


def draw_numbers(answers: Any, labels: Any, _: Any) -> Any:
    """Return the picture of the predicted numbers against the true ones."""
    from matplotlib.figure import Figure
    from sklearn.metrics import PredictionErrorDisplay

    figure = Figure((5, 5), layout="constrained")
    axes, style = figure.subplots(), {"alpha": 0.5, "s": 12}
    PredictionErrorDisplay.from_predictions(
        labels.numpy(), answers.numpy(), kind="actual_vs_predicted", subsample=None, ax=axes,
        scatter_kwargs=style,
    )  # fmt: skip
    return figure
