"""Score a run's best model on examples that it was not trained on.  python eval.py --help"""

import json
import warnings
from dataclasses import replace
from typing import Any, Literal

from settings import find_run, run_command

Split = Literal["test", "val", "train"]


def main(
    run_dir: str | None = None, split: Split = "test", baseline: bool = True, device: str = "auto"
) -> None:
    """Score a run's best model: a table, a picture, and what simpler models reach.

    Args:
        run_dir: The run's folder; by default the newest run.
        split: Which part of the data. Choose between models on val; test is for the end.
        baseline: Train simpler models on the same examples, to compare.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
    """
    folder = find_run(run_dir)
    from baseline import baselines  # these load slowly: --help and mistakes must not wait
    from checkpoint import check_data, load_model
    from data import load_splits, save_examples
    from device import pick_device
    from loading.sampler import make_loader
    from loading.splits import measure
    from train import evaluate

    model, config, state = load_model(folder, pick_device(device))
    splits = load_splits(config)
    check_data(splits, state, folder)
    loader = make_loader(splits[split], replace(config, limit_batches=0), 1024)
    losses, answers, labels = evaluate(model, loader, config)
    draw, picture = draw_numbers, "predicted.png"
    if state["classes"]:
        draw, picture = draw_classes, "confusion.png"
    draw(answers, labels, state["classes"]).savefig(folder / picture, dpi=150)

    scores = {"this model": measure(answers, labels)}
    for name, others in baselines(splits["train"], splits[split], state) if baseline else ():
        scores[name] = measure(others, splits[split].tensors[-1])
    for name, score in scores.items():
        print(split, *(f"{key} {value:,.4f} " for key, value in score.items()), f"({name})")
    result = {"split": split, "n": len(labels), "loss": losses.mean().item()}
    result = {**result, **scores.pop("this model"), "baselines": scores}
    (folder / "eval.json").write_text(json.dumps(result, indent=2), encoding="utf-8")
    (folder / "examples").mkdir(exist_ok=True)
    save_examples(splits[split], state, folder / "examples")
    print(f"written to {folder}: eval.json, {picture}, examples/")
    print(f'next: python predict.py --run-dir "{folder}"')


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


if __name__ == "__main__":
    run_command(main)
