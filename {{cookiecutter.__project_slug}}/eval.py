"""Score a run's best model, on the test data if nothing else is said.  python eval.py --help"""

import sys
from pathlib import Path
from typing import Literal

sys.path.insert(0, str(Path(__file__).parent))  # where PYTHONSAFEPATH leaves this folder out

from engine.settings import find_run, run_command


def main(
    run_dir: str | None = None,
    split: Literal["test", "val", "train"] = "test",
    baseline: bool = True,
    device: str = "auto",
    data: str | None = None,
) -> None:
    """Score a run's best model: a table, pictures, and what simpler models reach.

    Args:
        run_dir: The run's folder; by default the newest run.
        split: Which part of the data. Choose between models on val; test is for the end.
        baseline: Also train simpler models on the same training data, and score them.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
        data: Where the run's data are now, if they have moved. Other data are refused.
    """
    # These load PyTorch, which takes a second: --help and mistakes must not wait for it.
    from dataclasses import replace

    from config import Config
    from data import Info, load_data, read_inputs
    from engine.checkpoint import load_model, load_same_data
    from engine.device import pick_device
    from engine.doubt import intervals
    from engine.evaluation import evaluate, measure
    from engine.loader import make_loader
    from engine.report_card import (
        Result,
        advise_on_classes,
        compare_with_predict,
        draw_plots,
        measure_baselines,
        print_scores,
        write_scores,
    )
    from model import build_model, compute_loss, metrics

    folder = find_run(run_dir)
    print(f"the best model of {folder}")
    loaded = load_model(folder, pick_device(device), Config, Info, build_model, data)
    parts = load_same_data(load_data, loaded, folder)
    dataset = getattr(parts, split)

    # All examples are scored, also after a training with --limit-batches.
    config = replace(loaded.config, limit_batches=0)
    loader = make_loader(dataset, 1024, config)
    answers = evaluate(loaded.model, loader, compute_loss, config)
    metric_functions = metrics(loaded.info)
    result = Result(
        split,
        answers,
        scores=measure(metric_functions, answers.outputs, answers.labels),
        intervals=intervals(metric_functions, answers.outputs, answers.labels),
    )
    plots = draw_plots(dataset, answers, loaded.info, folder)
    if baseline:
        result.simpler = measure_baselines(
            parts.train, dataset, answers, loaded.info, config, metric_functions
        )
    print_scores(result)
    advise_on_classes(plots, metric_functions, config)

    write_scores(folder, result, plots, loaded.info, epoch=loaded.checkpoint["epoch"])
    # predict.py must give the same answers to the same examples.
    compare_with_predict(loaded, dataset, answers, read_inputs, folder)
    print(f"written to {folder}: eval.json, {', '.join(plots.files)}")
    print(f'next: python predict.py --run-dir "{folder}"')


if __name__ == "__main__":
    run_command(main)  # the arguments of main are the options: run_dir is --run-dir
