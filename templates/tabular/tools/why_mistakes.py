"""Why a model made its worst mistakes with rows, and which columns count, for tools.report."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.columns import decode
from engine.dataset import Batch, Data
from engine.examples import read_rows
from engine.loader import make_loader
from engine.metrics import lower_is_better, main_metric, name_of
from engine.plots import save_figure
from model import metrics
from tools.explained import Drawn, Explained
from tools.form_fields import describe_rows, gather_rows
from tools.importance import AT_ONCE, columns_of, draw_importances, importances, in_words
from tools.run_files import Scores
from tools.texts import WHY
from tools.why import explain_row

FILE = "importance.png"


def explain_mistakes(
    loaded: LoadedModel[Config, Info], data: Data[Info], scores: Scores, folder: Path
) -> Explained:
    """Return which cell would have changed the worst wrong answers; draw which columns count.

    Args:
        loaded: The model.
        data: That of the run.
        scores: What eval.json says, with the mistakes.
        folder: The run's, where the picture goes.
    """
    dataset: Any = getattr(data, scores.split)
    described = describe_rows(gather_rows(data.train, loaded.config), loaded.info)
    explained = Explained()
    for one in scores.mistakes:
        row = read_row(dataset, one["index"], loaded.info)
        sentence = explain_row(loaded, described, row)
        explained.mistakes.append(f'<div class="why"><p>{sentence}</p></div>')
    by_name = {name_of(metric): metric for metric in metrics(loaded.info)}
    name = main_metric(list(by_name), loaded.config.best_by)
    if name in by_name:  # it is not where there are no metrics
        batch = whole_batch(dataset, loaded.config)

        def score(outputs: Tensor, labels: Tensor) -> float:
            return float(by_name[name](outputs, labels))

        found = importances(loaded, batch, score, lower_is_better(name))
        save_figure(draw_importances(found, name), folder / FILE)
        description = WHY["columns_alt"].format(metric=name)
        words = in_words(found, len(columns_of(loaded.info)))
        explained.columns = Drawn(FILE, description, words)
    return explained


def read_row(dataset: Any, index: int, info: Info) -> dict[str, str]:
    """Return a row of a dataset as its cells by the names of their columns."""
    columns = decode(read_rows(dataset, [index]), info.numbers, info.categories)
    return {name: cells[0] for name, cells in columns.items()}


def whole_batch(dataset: Any, config: Config) -> Batch:
    """Return a whole dataset: numbers (N, F) and categories (N, C), and the labels (N,)."""
    numbers, categories, labels = [], [], []
    for inputs, some in make_loader(dataset, AT_ONCE, config):
        numbers.append(inputs[0])
        categories.append(inputs[1])
        labels.append(some)
    return (torch.cat(numbers), torch.cat(categories)), torch.cat(labels)
