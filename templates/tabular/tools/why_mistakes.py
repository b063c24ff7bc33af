"""Why a model made its worst mistakes with rows, and which columns count, for tools.report."""

from pathlib import Path
from typing import Any

import torch

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.columns import decode
from engine.dataset import Data
from engine.examples import read_rows
from engine.loader import make_loader
from engine.metrics import lower_is_better, main_metric, name_of
from engine.plots import save_figure
from model import metrics
from tools.explained import Drawn, Explained
from tools.form_fields import describe_rows, gather_rows
from tools.importance import columns_of, draw_importances, importances, in_words
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
    said = []
    for one in scores.mistakes:
        rows = decode(
            read_rows(dataset, [one["index"]]), loaded.info.numbers, loaded.info.categories
        )
        row = {name: cells[0] for name, cells in rows.items()}
        said.append(f'<div class="why"><p>{explain_row(loaded, described, row)}</p></div>')
    explained = Explained(mistakes=said)
    by_name = {name_of(metric): metric for metric in metrics(loaded.info)}
    name = main_metric(list(by_name), loaded.config.best_by)
    if name in by_name:
        inputs, labels = [], []
        for (numbers, categories), some in make_loader(dataset, 1024, loaded.config):
            inputs.append((numbers, categories))
            labels.append(some)
        numbers = torch.cat([part for part, _ in inputs])
        categories = torch.cat([part for _, part in inputs])
        batch = ((numbers, categories), torch.cat(labels))

        def score(outputs: torch.Tensor, labels: torch.Tensor) -> float:
            return float(by_name[name](outputs, labels))

        found = importances(loaded, batch, score, lower_is_better(name))
        save_figure(draw_importances(found, name), folder / FILE)
        description = WHY["columns_alt"].format(metric=name)
        explained.columns = Drawn(FILE, description, in_words(found, len(columns_of(loaded.info))))
    return explained
