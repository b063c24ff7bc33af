"""Score a run's best model on examples that it was not trained on.  python eval.py --help"""

import json
from dataclasses import replace
from typing import Any, Literal

from settings import find_run, run_command

Split = Literal["test", "val", "train"]


def main(run_dir: str | None = None, split: Split = "test", device: str = "auto") -> None:
    """Score a run's best model: accuracy, a table per class, a confusion matrix.

    Args:
        run_dir: The run's folder; by default the newest run.
        split: Which part of the data. Choose between models on val; test is for the end.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
    """
    from matplotlib.figure import Figure  # all of these load slowly: --help must not wait
    from sklearn.metrics import ConfusionMatrixDisplay, classification_report

    from checkpoint import load_model
    from data import load_splits, save_examples
    from device import pick_device
    from sampler import make_loader
    from train import evaluate

    folder = find_run(run_dir)
    model, config, state = load_model(folder, pick_device(device))
    dataset, names = load_splits(config)[split], state["classes"]
    loader = make_loader(dataset, replace(config, limit_batches=0), 1024)
    losses, answers, labels = evaluate(model, loader, config)
    result = {"split": split, "n": len(labels), "loss": losses.mean().item()}
    result["accuracy"] = (answers == labels).double().mean().item()
    (folder / "eval.json").write_text(json.dumps(result, indent=2), encoding="utf-8")

    kinds: dict[str, Any] = {"labels": range(len(names)), "zero_division": 0}
    print(classification_report(labels, answers, target_names=names, digits=3, **kinds))
    print("{split} accuracy {accuracy:.4f}, loss {loss:.4f}, {n} examples".format(**result))
    size = 2 + 0.4 * len(names)
    figure = Figure((size, size), layout="constrained")
    picture = ConfusionMatrixDisplay.from_predictions(
        labels, answers, labels=range(len(names)), display_labels=names, ax=figure.subplots(),
        colorbar=False, cmap="Blues", xticks_rotation="vertical", im_kw={"norm": "symlog"},
    )  # fmt: skip
    for count in picture.text_.flat:  # no zeros: they would hide the few mistakes
        count.set_visible(count.get_text() != "0")
    figure.savefig(folder / "confusion.png", dpi=150)
    save_examples(dataset, names, folder / "examples" / split)
    print(f"written to {folder}: eval.json, confusion.png, examples/")
    print(f'next: python predict.py --run-dir "{folder}"')


if __name__ == "__main__":
    run_command(main)
