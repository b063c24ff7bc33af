"""Score a run's best model on examples that it was not trained on.  python eval.py --help"""

import json
from dataclasses import replace
from typing import Literal

from commands.settings import find_run, run_command

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
    from showing.mistakes import draw_mistakes
    from showing.plots import draw_classes, draw_numbers
    from train import evaluate

    place = pick_device(device)
    model, config, state = load_model(folder, place)
    splits = load_splits(config)
    check_data(splits, state, folder)
    loader = make_loader(splits[split], replace(config, limit_batches=0), 1024, device=place)
    losses, answers, labels = evaluate(model, loader, config)
    draw = draw_classes if state["classes"] else draw_numbers
    picture, figure, more = draw(answers, labels, state["classes"])
    figure.savefig(folder / picture, dpi=150)
    figure = draw_mistakes(model, splits[split], answers, state)
    figure.savefig(folder / "mistakes.png", dpi=150, bbox_inches="tight")

    scores = {"this model": measure(answers, labels)}
    for name, others in baselines(splits["train"], splits[split], state) if baseline else ():
        scores[name] = measure(others, splits[split].tensors[-1])
    for name, score in scores.items():
        print(split, *(f"{key} {value:,.4f} " for key, value in score.items()), f"({name})")
    result = {"split": split, "n": len(labels), "loss": losses.mean().item()}
    result = {**result, **scores.pop("this model"), "baselines": scores, **more}
    (folder / "eval.json").write_text(json.dumps(result, indent=2), encoding="utf-8")
    (folder / "examples").mkdir(exist_ok=True)
    save_examples(splits[split], state, folder / "examples")
    print(f"written to {folder}: eval.json, {picture}, mistakes.png, examples/")
    print(f'next: python predict.py --run-dir "{folder}"')


if __name__ == "__main__":
    run_command(main)
