"""Score a run's best model on examples that it was not trained on.  python eval.py --help"""

import json
from typing import Literal

from settings import find_run, run_command


def main(
    run_dir: str | None = None,
    split: Literal["test", "val", "train"] = "test",
    device: str = "auto",
) -> None:
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
    losses, answers, labels = evaluate(model, make_loader(dataset, config, 1024), config)
    result = {"split": split, "n": len(labels), "loss": losses.mean().item()}
    result["accuracy"] = (answers == labels).double().mean().item()
    (folder / "eval.json").write_text(json.dumps(result, indent=2), encoding="utf-8")

    kinds = list(range(len(names)))
    print(classification_report(labels, answers, labels=kinds, target_names=names, digits=3))
    print("{split} accuracy {accuracy:.4f}, loss {loss:.4f}, {n} examples".format(**result))
    figure = Figure(figsize=(3 + 0.4 * len(names),) * 2, layout="constrained")
    ConfusionMatrixDisplay.from_predictions(
        labels, answers, labels=kinds, display_labels=names,
        ax=figure.subplots(), colorbar=False, cmap="Blues", xticks_rotation="vertical",
    )  # fmt: skip
    figure.savefig(folder / "confusion.png", dpi=150)
    examples = save_examples(dataset, names, folder / "examples")
    print(f"written to {folder}: eval.json, confusion.png, examples/")
    print(f"next: python predict.py {examples[0]}")


if __name__ == "__main__":
    run_command(main)
