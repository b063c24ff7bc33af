"""Score a run's best model on examples that it was not trained on.  python eval.py --help"""

from typing import Literal

from engine.settings import find_run, run_command


def main(
    run_dir: str | None = None,
    split: Literal["test", "val", "train"] = "test",
    baseline: bool = True,
    device: str = "auto",
) -> None:
    """Score a run's best model: a table, pictures, and what simpler models reach.

    Args:
        run_dir: The run's folder; by default the newest run.
        split: Which part of the data. Choose between models on val; test is for the end.
        baseline: Train simpler models on the same examples, to compare.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
    """
    # These load PyTorch, which takes a second: --help and mistakes must not wait for it.
    from dataclasses import replace

    from config import Config
    from data import Info, load_data, read_inputs
    from engine.checkpoint import check_data, load_model
    from engine.device import pick_device
    from engine.evaluation import evaluate, measure
    from engine.loader import make_loader
    from engine.report_card import (
        compare_with_predict,
        draw_pictures,
        measure_baselines,
        write_scores,
    )
    from model import build_model, compute_loss, metrics

    folder = find_run(run_dir)
    print(f"the best model of {folder}")
    loaded = load_model(folder, pick_device(device), Config, Info, build_model)
    data = load_data(loaded.config)
    check_data(data, loaded.checkpoint, folder)
    dataset = getattr(data, split)

    config = replace(loaded.config, limit_batches=0)  # a rehearsal is scored on all examples, too
    loader = make_loader(dataset, 1024, config)
    answers = evaluate(loaded.model, loader, compute_loss, config)
    names = metrics(loaded.info)
    scores = {"this model": measure(names, answers.outputs, answers.labels)}
    pictures = draw_pictures(dataset, answers, loaded.info, folder)
    if baseline:
        scores |= measure_baselines(data.train, dataset, loaded.info, config, names)
    for name, values in scores.items():
        texts = [f"{metric} {value:,.4f} " for metric, value in values.items()]
        print(split, *texts, f"({name})")

    write_scores(folder, split, answers, scores, pictures)
    compare_with_predict(loaded, dataset, answers, read_inputs, folder)
    print(f"written to {folder}: eval.json, {', '.join(pictures.files)}")
    print(f'next: python predict.py --run-dir "{folder}"')


if __name__ == "__main__":
    run_command(main)
